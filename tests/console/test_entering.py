"""Signing in and out by the pages: one kind of session, and it is the server's."""

import pytest

from api.console.session import SESSION_COOKIE, local_path
from api.keys import IDENTITY
from models.vocabulary import Role
from tests.api.support import NOWHERE
from tests.conftest import COMMUNITY, PASSWORD, Service, ServiceMaker
from tests.console.conftest import VisitorOf

RIGHT = {"username": "周居民", "password": PASSWORD}


async def add_resident(service: Service) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)


async def test_who_signs_in_by_the_page_is_where_they_wanted_and_out_again_with_a_token_that_is_dead(
    service: Service, visitor_of: VisitorOf
) -> None:
    await add_resident(service)
    visitor = await visitor_of()
    asked = await visitor.get("/me/notices?unread=true")
    assert asked.path.startswith("/login?next=")
    answer = await visitor.post(asked.path, RIGHT, follow=False)
    cookie = answer.headers["Set-Cookie"]
    assert (answer.status, answer.headers["Location"]) == (303, "/me/notices?unread=true")
    assert all(part in cookie for part in (f"{SESSION_COOKIE}=", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in cookie
    inside = await visitor.get("/me/notices")
    assert inside.status == 200
    assert "周居民（居民）" in inside.words
    token = visitor.session.cookie_jar.filter_cookies(visitor.base)[SESSION_COOKIE].value
    assert (await service.call(token, "GET", "/api/v1/me", expect=200))["name"] == "周居民"
    out = await visitor.post("/logout")
    assert out.path == "/login"
    assert "您已退出登录" in out.words
    assert "您已退出登录" not in (await visitor.get("/login")).words
    await service.call(token, "GET", "/api/v1/me", expect=401)
    assert (await visitor.get("/me/notices")).path.startswith("/login")


async def test_who_signs_in_over_another_session_leaves_none_behind(service: Service, visitor_of: VisitorOf) -> None:
    await add_resident(service)
    visitor = await visitor_of(Role.COMMUNITY)
    former = visitor.session.cookie_jar.filter_cookies(visitor.base)[SESSION_COOKIE].value
    refused = await visitor.post("/login", RIGHT | {"password": "wrong"})
    assert (refused.status, "用户名或密码不正确" in refused.words) == (401, True)
    await service.call(former, "GET", "/api/v1/me", expect=200)
    assert (await visitor.post("/login", RIGHT, follow=False)).status == 303
    await service.call(former, "GET", "/api/v1/me", expect=401)
    assert "周居民" in (await visitor.get("/me/notices")).words


async def test_a_wrong_password_keeps_the_name_and_says_so_where_one_types(service: Service, visitor_of: VisitorOf) -> None:
    await add_resident(service)
    visitor = await visitor_of()
    refused = await visitor.post("/login", RIGHT | {"password": "wrong"})
    assert refused.status == 401
    assert "用户名或密码不正确" in refused.words
    assert 'value="周居民"' in refused.text
    assert "wrong" not in refused.text
    empty = await visitor.post("/login", {"username": "", "password": "x"})
    assert empty.status == 422
    assert 'aria-invalid="true"' in empty.text
    assert "不能为空" in empty.words


async def test_behind_our_proxy_the_cookie_is_for_https_only(make_service: ServiceMaker, visitor_of: VisitorOf) -> None:
    service = await make_service(behind_proxy=True, tile_url="https://tiles.example/{z}/{x}/{y}.png")
    await add_resident(service)
    visitor = await visitor_of(None, service)
    answer = await visitor.post("/login", RIGHT, follow=False, X_Forwarded_Proto="https")
    assert "Secure" in answer.headers["Set-Cookie"]
    # And where maps have their pictures from somewhere, the pages may load them.
    assert "img-src 'self' data: https://tiles.example;" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", "", None, "/\n/x"]
)
def test_signing_in_leads_nowhere_but_to_a_page_of_ours(target: str | None) -> None:
    assert local_path(target) == "/"
    assert local_path("/desk?status=open") == "/desk?status=open"


async def test_a_session_that_was_revoked_elsewhere_is_out_with_the_next_page(service: Service, visitor_of: VisitorOf) -> None:
    token = await service.token(Role.COMMUNITY)
    visitor = await visitor_of(token)
    assert (await visitor.get("/me/notices")).status == 200
    await service.call(token, "DELETE", "/api/v1/sessions/current", expect=204)
    by_htmx = await visitor.get("/me/notices/count", follow=False, HX_Request="true")
    assert (by_htmx.status, by_htmx.headers["HX-Trigger"]) == (204, "signed-out")
    assert "登录已失效，刚才那一步没有办，填的内容没有保存" in (await visitor.post("/me/notices/read", {"to": "x"})).words
    # And after signing in again to where the form is.
    one = f"/desk/needs/{NOWHERE}"
    for sent, led in (("/desk/new", "?next=/desk/new"), (f"{one}/cancel", f"?next={one}"), ("/me/notices/read", "")):
        assert (await visitor.post(sent, {}, follow=False)).headers["Location"] == f"/login{led}"
    assert (await visitor.get("/me/notices")).path.startswith("/login")
