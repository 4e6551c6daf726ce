"""Who may call what: every address of the running application, every role, and the life of a token."""

import asyncio
from typing import Any

import pytest

from api.console.assets import serve_asset
from api.console.routing import PAGES
from api.keys import IDENTITY
from api.routing import ROUTES, Access, Route
from models.errors import TooManyAttemptsError
from models.vocabulary import Role
from tests.api.support import ADDRESSES, NOWHERE, address_of, assert_problem
from tests.conftest import COMMUNITY, PASSWORD, Service, ServiceMaker

PROTECTED = [route for route in ROUTES.table if not route.access.public]


async def status_of(service: Service, route: Route, authorization: str | None) -> int:
    headers = {"Authorization": authorization} if authorization is not None else {}
    async with service.client.request(route.method, address_of(route, {}), headers=headers) as response:
        if response.status in (401, 403):
            await assert_problem(response)
        return response.status


async def sign_in(service: Service, username: str, password: str, expect: int = 201) -> dict[str, Any]:
    body = {"username": username, "password": password}
    answer: dict[str, Any] = await service.call(None, "POST", "/api/v1/sessions", body, expect=expect)
    return answer


async def test_every_address_that_is_served_stands_in_a_table_of_routes_or_of_pages(service: Service) -> None:
    served = {(route.method, route.resource.canonical if route.resource else "") for route in service.client.app.router.routes()}
    tables = [*ROUTES.table, *PAGES.table]
    # A page that is read can be asked for without its body.
    heads = {("HEAD", page.path) for page in PAGES.table if page.method == "GET" and page.path != "/events"}
    assert served == {(entry.method, entry.path) for entry in tables} | {("GET", "/static/{name}")} | heads
    for route in service.client.app.router.routes():
        if route.handler is serve_asset:
            continue
        entry = getattr(route.handler, "__self__", None)
        assert entry in tables
        assert isinstance(entry.access, Access)
        assert entry.access.public or entry.access.roles


async def test_only_these_addresses_are_public(service: Service) -> None:
    public = {f"{route.method} {route.path}" for route in ROUTES.table if route.access.public}
    assert public == {
        "POST /api/v1/sessions",
        "POST /api/v1/track",
        "GET /healthz",
        "GET /readyz",
        "GET /openapi.json",
        "GET /docs",
    }
    for route in ROUTES.table:
        if route.access.public and route.method == "GET":
            assert await status_of(service, route, None) == 200


async def test_without_a_good_token_every_other_address_answers_401(service: Service) -> None:
    token = await service.token(Role.ADMIN)
    bad = [None, "", "Bearer", "Bearer  ", "Basic YTpi", token, f"Bearer {token}x", f"Token {token}", "Bearer 口令", "Bearer $ne"]
    admitted = [(route.path, header) for route in PROTECTED for header in bad if await status_of(service, route, header) != 401]
    assert admitted == []


async def test_a_role_that_is_not_listed_is_answered_403_and_a_listed_one_is_let_in(service: Service) -> None:
    wrong = []
    for route in PROTECTED:
        for role in Role:
            # A token for each call: signing out is one of the calls.
            status = await status_of(service, route, f"Bearer {await service.account(role, COMMUNITY)}")
            if (status == 403) != (role not in route.access.roles) or status == 401:
                wrong.append((route.method, route.path, role, status))
    assert wrong == []


async def test_a_token_is_dead_once_its_session_has_ended(service: Service) -> None:
    token = await service.account(Role.RESIDENT)
    other = await service.account(Role.RESIDENT)
    await service.call(token, "GET", "/api/v1/me", expect=200)
    await service.call(token, "DELETE", "/api/v1/sessions/current", expect=204)
    await service.call(token, "GET", "/api/v1/me", expect=401)
    await service.call(token, "DELETE", "/api/v1/sessions/current", expect=401)
    await service.call(other, "GET", "/api/v1/me", expect=200)


@pytest.mark.parametrize("change", [{"active": False}, None])
async def test_an_account_that_is_closed_or_gone_is_locked_out_at_once(service: Service, change: dict[str, Any] | None) -> None:
    token = await service.account(Role.COMMUNITY, COMMUNITY, username="leaver")
    await service.call(token, "GET", "/api/v1/me", expect=200)
    accounts = service.store.database["accounts"]
    if change is None:
        await accounts.delete_one({"username": "leaver"})
    else:
        await accounts.update_one({"username": "leaver"}, {"$set": change})
    await service.call(token, "GET", "/api/v1/me", expect=401)


async def test_an_account_that_is_given_another_role_has_it_with_the_next_call(service: Service) -> None:
    token = await service.account(Role.ADMIN, username="mover")
    await service.call(token, "GET", "/api/v1/weights", expect=200)
    await service.store.database["accounts"].update_one({"username": "mover"}, {"$set": {"role": "resident"}})
    await service.call(token, "GET", "/api/v1/weights", expect=403)


async def test_a_session_ends_with_its_term(make_service: ServiceMaker) -> None:
    expired = await make_service(session_days=-1)
    await expired.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    token = (await sign_in(expired, "周居民", PASSWORD))["token"]
    await expired.call(token, "GET", "/api/v1/me", expect=401)


async def test_who_signs_in_gets_a_token_that_the_database_does_not_know(service: Service) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    session = await sign_in(service, "周居民", PASSWORD)
    me = await service.call(session["token"], "GET", "/api/v1/me", expect=200)
    assert me == {**session["account"], "provider": None} == {**me, "role": "resident", "region": COMMUNITY}
    kept = [document async for document in service.store.database["sessions"].find({})]
    kept += [document async for document in service.store.database["accounts"].find({})]
    assert session["token"] not in repr(kept)
    assert PASSWORD not in repr(kept)


async def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nothing(service: Service) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    answers = [await sign_in(service, name, "wrong", expect=401) for name in ("周居民", "没有此人", "周居民 ")]
    for answer in answers:
        answer.pop("request_id")
    assert answers[0] == answers[1] == answers[2]
    await service.account(Role.RESIDENT, username="无密码")
    assert (await sign_in(service, "无密码", "", expect=422))["code"] == "invalid_input"
    assert (await sign_in(service, "无密码", "x", expect=401))["code"] == "wrong_credentials"


async def test_too_many_wrong_passwords_close_the_door_to_the_right_one_too(make_service: ServiceMaker) -> None:
    service = await make_service(login_attempts=2)
    for name in ("周居民", "吴居民"):
        await service.client.app[IDENTITY].add_account(name, PASSWORD, Role.RESIDENT, name, COMMUNITY)
    for _ in range(2):
        await sign_in(service, "周居民", "wrong", expect=401)
    assert (await sign_in(service, "周居民", PASSWORD, expect=429))["code"] == TooManyAttemptsError.code
    await sign_in(service, "吴居民", PASSWORD)


async def test_passwords_guessed_at_once_are_counted_like_those_guessed_one_by_one(make_service: ServiceMaker) -> None:
    service = await make_service(login_attempts=2)

    async def guess() -> int:
        async with service.client.post("/api/v1/sessions", json={"username": "周居民", "password": "wrong"}) as response:
            return response.status

    answers = await asyncio.gather(*(guess() for _ in range(6)))
    assert (answers.count(401), answers.count(429)) == (2, 4)


async def test_a_password_is_taken_as_it_is_with_its_blanks(service: Service) -> None:
    await service.client.app[IDENTITY].add_account("吴居民", f" {PASSWORD} ", Role.RESIDENT, "吴居民", COMMUNITY)
    await sign_in(service, "吴居民", PASSWORD, expect=401)
    await sign_in(service, "吴居民", f" {PASSWORD} ")


async def test_a_deleted_profile_leaves_its_account_without_standing(service: Service) -> None:
    volunteer = await service.volunteer()
    token = await service.as_provider(volunteer)
    address = f"{ADDRESSES[volunteer['kind']]}/{volunteer['id']}"
    assert (await service.call(token, "GET", "/api/v1/me", expect=200))["provider"]["id"] == volunteer["id"]
    await service.call(token, "DELETE", address, expect=204)
    assert (await service.call(token, "GET", "/api/v1/me", expect=200))["provider"] is None
    await service.call(token, "GET", address, expect=404)
    await service.call(token, "GET", f"/api/v1/orders/{NOWHERE}", expect=404)
