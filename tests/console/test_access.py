"""Every page: who may open it, what it tells the browser, and that no other site may send its forms."""

from api.console.routing import PAGES, PageRoute
from models.vocabulary import Role
from tests.api.support import NOWHERE
from tests.conftest import Service
from tests.console.conftest import VisitorOf

PROTECTED = [page for page in PAGES.table if not page.access.public and page.path != "/events"]


def address_of(page: PageRoute) -> str:
    return page.path.replace("{id}", NOWHERE).replace("{order}", NOWHERE).replace("{name}", "default").replace("{version}", "0")


async def test_who_has_not_signed_in_is_led_to_do_so(service: Service, visitor_of: VisitorOf) -> None:
    nobody = await visitor_of()
    for page in PROTECTED:
        ask = nobody.get if page.method == "GET" else nobody.post
        seen = await ask(address_of(page), follow=False)
        assert (seen.status, seen.headers["Location"].partition("?")[0]) == (303, "/login"), page.path


async def test_a_page_is_shut_to_the_roles_that_it_does_not_name_and_says_so_in_words(
    service: Service, visitor_of: VisitorOf
) -> None:
    for role in Role:
        visitor = await visitor_of(role)
        for page in PROTECTED:
            ask = visitor.get if page.method == "GET" else visitor.post
            seen = await ask(address_of(page), follow=False)
            assert (seen.status == 403) == (role not in page.access.roles), (page.method, page.path, role, seen.status)
            assert seen.status < 500, (page.method, page.path, role)
            assert seen.status != 403 or "没有权限" in seen.words


async def test_what_is_not_there_or_is_somebody_elses_is_not_found(service: Service, visitor_of: VisitorOf) -> None:
    for role in Role:
        visitor = await visitor_of(role)
        for page in PROTECTED:
            if page.method == "GET" and "{id}" in page.path and role in page.access.roles:
                seen = await visitor.get(address_of(page))
                assert seen.status == 404, (page.path, role)
                assert "没有找到" in seen.words


async def test_a_form_that_another_site_sends_is_not_carried_out(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    ours = str(visitor.base.origin())
    for site, origin in (
        ("cross-site", ours), ("same-site", ours), ("none", ours), ("", "null"), ("", "http://evil.example"), ("", ""),
        ("same-origin", "http://evil.example"),
    ):  # fmt: skip
        for page in PAGES.table:
            if page.method != "GET":
                seen = await visitor.post(address_of(page), follow=False, Sec_Fetch_Site=site, Origin=origin)
                assert seen.status == 403, (page.path, site, origin)
    assert (await visitor.get("/me/notices")).status == 200


async def test_every_page_forbids_inline_scripts_frames_and_keeping(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    for path in ("/me/notices", "/login", "/nowhere", f"/me/notices/{NOWHERE}"):
        seen = await visitor.get(path, follow=False)
        policy = seen.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (seen.headers["Cache-Control"], seen.headers["Referrer-Policy"]) == ("no-store", "same-origin")
        assert seen.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_nobody_expected_is_a_page_with_a_number_to_tell_the_administrator(
    service: Service, visitor_of: VisitorOf
) -> None:
    me = await service.call(Role.RESIDENT, "GET", "/api/v1/me", expect=200)
    await service.store.database["notices"].insert_one({"_id": "broken", "account_id": me["id"], "seq": 1})
    seen = await (await visitor_of(Role.RESIDENT)).get("/me/notices")
    assert seen.status == 500
    assert "服务内部出错" in seen.words
    assert seen.headers["X-Request-Id"] in seen.words


async def test_an_unknown_address_is_a_page_for_a_browser_and_an_envelope_for_a_program(
    service: Service, visitor_of: VisitorOf
) -> None:
    seen = await (await visitor_of()).get("/nowhere")
    assert (seen.status, "没有找到" in seen.words) == (404, True)
    for path, accept in (("/nowhere", "*/*"), ("/api/v1/nowhere", "text/html")):
        async with service.client.get(path, headers={"Accept": accept}) as response:
            assert (response.status, response.content_type) == (404, "application/problem+json")
