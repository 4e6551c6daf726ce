"""Many who sign in at once: some wait, the rest are told to come again, and everybody else goes on."""

import asyncio
from contextlib import ExitStack

import pytest

from api.hashing import MOST_INSIDE, Hashing
from api.keys import IDENTITY
from models.errors import SignInBusyError
from models.vocabulary import Role
from tests.conftest import COMMUNITY, PASSWORD, Service
from tests.console.conftest import HTML


async def test_a_flood_of_sign_ins_is_turned_away_in_words_and_keeps_nobody_else_waiting(service: Service) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)

    async def attempt(number: int) -> tuple[int, str, str | None]:
        body = {"username": f"没有此人{number}", "password": "x"}
        async with service.client.post("/api/v1/sessions", json=body) as response:
            return response.status, (await response.json())["code"], response.headers.get("Retry-After")

    flood = [asyncio.create_task(attempt(number)) for number in range(MOST_INSIDE)]
    while not any(each.done() for each in flood):
        await asyncio.sleep(0.01)
    form = {"username": "周居民", "password": PASSWORD}
    headers = {"Accept": HTML, "Sec-Fetch-Site": "same-origin"}
    async with service.client.post("/login", data=form, headers=headers, allow_redirects=False) as refused:
        page = await refused.text()
        assert (refused.status, refused.headers["Retry-After"]) == (429, "3")
        assert "正在登录的人太多，请过几秒再试" in page
        assert 'value="周居民"' in page
    await service.call(Role.COMMUNITY, "GET", "/api/v1/needs", expect=200)
    assert not all(each.done() for each in flood)
    answers = await asyncio.gather(*flood)
    assert set(answers) == {(401, "wrong_credentials", None), (429, "sign_in_busy", "3")}
    assert answers.count((401, "wrong_credentials", None)) == MOST_INSIDE // 2
    async with service.client.post("/login", data=form, headers=headers, allow_redirects=False) as entered:
        assert entered.status == 303


def test_one_address_holds_half_of_the_places_at_most_and_gives_them_back() -> None:
    hashing = Hashing(most_inside=4)
    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(hashing.admitted("198.51.100.1"))
        with pytest.raises(SignInBusyError), hashing.admitted("198.51.100.1"):
            pass
        for _ in range(2):
            inside.enter_context(hashing.admitted("198.51.100.2"))
        with pytest.raises(SignInBusyError), hashing.admitted("198.51.100.3"):
            pass
    with hashing.admitted("198.51.100.1"):
        hashing.close()
