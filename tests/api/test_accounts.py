"""账号与操作记录 over HTTP: administrators keep accounts, every change of one is on record."""

import pytest

from models.vocabulary import Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service

PATH = "/api/v1/accounts"
BODY = {"username": "周社区", "role": "community", "name": "周社区", "region": COMMUNITY}


async def signed_in(service: Service, password: str, expect: int = 201) -> str:
    answer = await service.call(None, "POST", "/api/v1/sessions", {"username": "周社区", "password": password}, expect)
    return str(answer.get("token", ""))


async def test_an_account_has_no_password_until_it_is_given_one_and_loses_its_sessions_with_it(service: Service) -> None:
    made = await service.call(Role.ADMIN, "POST", PATH, BODY, 201)
    assert (made["username"], made["region"], made["active"], made["provider"]) == ("周社区", COMMUNITY, True, None)
    await signed_in(service, "", 422)
    await signed_in(service, "anything", 401)
    first = (await service.call(Role.ADMIN, "PUT", f"{PATH}/{made['id']}/password", expect=200))["password"]
    token = await signed_in(service, first)
    assert (await service.call(token, "GET", "/api/v1/me", expect=200))["region"] == COMMUNITY
    second = (await service.call(Role.ADMIN, "PUT", f"{PATH}/{made['id']}/password", expect=200))["password"]
    await service.call(token, "GET", "/api/v1/me", expect=401)
    await signed_in(service, first, 401)
    token = await signed_in(service, second)
    await service.call(Role.ADMIN, "DELETE", f"{PATH}/{made['id']}/sessions", expect=204)
    await service.call(token, "GET", "/api/v1/me", expect=401)
    token = await signed_in(service, second)
    shut = await service.call(Role.ADMIN, "PUT", f"{PATH}/{made['id']}/active", {"active": False}, 200)
    assert not shut["active"]
    await service.call(token, "GET", "/api/v1/me", expect=401)
    await signed_in(service, second, 401)
    stored = await service.store.database["accounts"].find_one({"_id": made["id"]})
    assert stored is not None
    assert first not in str(stored)
    log = (await service.call(Role.ADMIN, "GET", "/api/v1/events", expect=200))["items"]
    mine = [each["action"] for each in log if each["subject"] == f"account:{made['id']}"]
    assert mine == ["account.shut", "account.signed_out", "account.password_set", "account.password_set", "account.added"]
    assert all(second not in str(each) for each in log)


@pytest.mark.parametrize(
    ("changes", "field"), [({"region": None}, "region"), ({"region": "99"}, "region"), ({"role": "king"}, "role"), ({"username": " "}, "username")]
)  # fmt: skip
async def test_an_account_that_makes_no_sense_is_refused(service: Service, changes: dict[str, object], field: str) -> None:
    assert set((await service.call(Role.ADMIN, "POST", PATH, BODY | changes, 422))["fields"]) == {field}


async def test_an_administrator_of_a_region_keeps_only_its_accounts_and_reads_only_of_its_needs(service: Service) -> None:
    made = await service.call(Role.ADMIN, "POST", PATH, BODY, 201)
    await service.call(Role.ADMIN, "POST", PATH, BODY, 409)
    near, far = await service.account(Role.ADMIN, COMMUNITY[:6]), await service.account(Role.ADMIN, FAR_COMMUNITY[:6])
    assert "周社区" in [each["username"] for each in (await service.call(near, "GET", PATH, expect=200))["items"]]
    assert "周社区" not in [each["username"] for each in (await service.call(far, "GET", PATH, expect=200))["items"]]
    for method, path, body in (("PUT", "password", None), ("PUT", "active", {"active": False}), ("DELETE", "sessions", None)):
        await service.call(far, method, f"{PATH}/{made['id']}/{path}", body, 404)
    await service.call(far, "POST", PATH, BODY | {"username": "别处"}, 422)
    await service.call(near, "POST", PATH, BODY | {"username": "总管", "role": "admin", "region": None}, 422)
    need = await service.need()
    assert (await service.call(near, "GET", "/api/v1/events", expect=200))["items"] == []
    assert len((await service.call(near, "GET", f"/api/v1/events?need={need['id']}", expect=200))["items"]) == 1
    assert (await service.call(far, "GET", f"/api/v1/events?need={need['id']}", expect=200))["items"] == []
    me = (await service.call(near, "GET", "/api/v1/me", expect=200))["id"]
    await service.call(near, "PUT", f"{PATH}/{me}/active", {"active": False}, 422)


async def test_the_log_is_narrowed_and_paged(service: Service) -> None:
    need = await service.need()
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/cancel", {"reason": "不需要了"}, 200)
    both = (await service.call(Role.ADMIN, "GET", f"/api/v1/events?need={need['id']}", expect=200))["items"]
    assert [(each["action"], each["why"], each["need_id"]) for each in both] == [
        ("need.cancelled", "不需要了", need["id"]),
        ("need.posted", "", need["id"]),
    ]
    first = await service.call(Role.ADMIN, "GET", f"/api/v1/events?need={need['id']}&limit=1", expect=200)
    rest = await service.call(Role.ADMIN, "GET", f"/api/v1/events?need={need['id']}&cursor={first['next']}", expect=200)
    assert [each["action"] for each in (*first["items"], *rest["items"])] == ["need.cancelled", "need.posted"]
    for query, count in (
        (f"by={both[0]['by_name']}", 1), ("action=need.posted", 1), ("action=nothing", 0), ("from=2099-01-01T00:00:00", 0),
        ("to=2099-01-01T00:00:00&action=need.posted", 1),
    ):  # fmt: skip
        assert len((await service.call(Role.ADMIN, "GET", f"/api/v1/events?{query}", expect=200))["items"]) == count, query
