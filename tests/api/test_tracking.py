"""查进度 without signing in: by number and the end of the telephone number, and no further than where it stands."""

import asyncio
import json

from models.vocabulary import Role
from tests.api.support import NOWHERE
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service

FULL_WIDTH = {ord(digit): ord(digit) - ord("0") + ord("０") for digit in "0123456789"}
CONTACT = {"name": "周测试", "phone": "000-1234-5678", "address": "测试路 1 号"}


async def test_who_knows_number_and_tail_sees_the_stations_and_nothing_else(service: Service) -> None:
    need = await service.need(contact=CONTACT)
    order = await service.offer(need, await service.volunteer())
    for number in (need["id"], order["id"]):
        seen = await service.call(None, "POST", "/api/v1/track", {"number": number, "phone_tail": "5678"}, expect=200)
        assert (seen["number"], seen["status_label"], seen["redone"]) == (number, "已派单", 0)
        assert [each["state"] for each in seen["stations"]] == ["passed"] * 3 + ["present"] + ["ahead"] * 3
        told = json.dumps(seen, ensure_ascii=False)
        assert [word for word in ("水龙头", "周测试", "1234-", "测试路", "测试管工", "武汉") if word in told] == []


async def test_a_need_is_followed_by_its_short_number_however_it_is_typed(service: Service) -> None:
    need = await service.need(contact=CONTACT)
    number = need["number"]
    assert len(number) == 8
    assert number in await notices_of(service, Role.COMMUNITY)
    for typed in (number, f"{number[:4]} {number[4:]}", f" {number[:4]}-{number[4:]} ", number.translate(FULL_WIDTH)):
        seen = await service.call(None, "POST", "/api/v1/track", {"number": typed, "phone_tail": "5678"}, expect=200)
        assert seen["number"] == number
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    refused = await service.call(None, "POST", "/api/v1/track", {"number": slip, "phone_tail": "5678"}, expect=422)
    assert refused["fields"] == {"number": ["编号里有一位不对，请再核对一遍"]}


async def test_all_names_of_a_need_together_give_five_wrong_tries(service: Service) -> None:
    need = await service.need(contact=CONTACT)
    order = await service.offer(need, await service.volunteer())
    number = need["number"]
    spaced = f"{number[:4]} {number[4:]}"
    for name in (need["id"], order["id"], number, spaced, f"{number[:2]}-{number[2:]}"):
        await service.call(None, "POST", "/api/v1/track", {"number": name, "phone_tail": "0001"}, expect=404)
    for name in (number, spaced, need["id"], order["id"]):
        await service.call(None, "POST", "/api/v1/track", {"number": name, "phone_tail": "5678"}, expect=429)


async def test_a_number_finds_a_need_only_for_those_who_may_see_it(service: Service) -> None:
    need = await service.need(contact=CONTACT)
    found = f"/api/v1/needs?number={need['number'][:4]}%20{need['number'][4:]}"
    elsewhere = await service.account(Role.COMMUNITY, FAR_COMMUNITY)
    stranger = await service.account(Role.RESIDENT, COMMUNITY)
    asked = [Role.COMMUNITY, Role.RESIDENT, elsewhere, stranger, await service.as_provider(await service.volunteer())]
    seen = [[each["id"] for each in (await service.call(who, "GET", found, expect=200))["items"]] for who in asked]
    assert seen == [[need["id"]], [need["id"]], [], [], []]


async def notices_of(service: Service, who: Role) -> str:
    """All that is written in them, numbers without their blanks; waits for what is on its way."""
    for _ in range(100):
        found = await service.call(who, "GET", "/api/v1/notices", expect=200)
        if found["items"]:
            break
        await asyncio.sleep(0.05)
    return " ".join(each["text"] for each in found["items"]).replace(" ", "")


async def test_a_wrong_number_and_a_wrong_tail_are_told_apart_by_nothing_and_guessing_ends(service: Service) -> None:
    need = await service.need(contact=CONTACT)
    silent = await service.need(contact={})
    asked = [{"number": need["id"], "phone_tail": "0000"}, {"number": NOWHERE, "phone_tail": "5678"}]
    asked += [{"number": silent["id"], "phone_tail": "0000"}]
    refused = [await service.call(None, "POST", "/api/v1/track", body, expect=404) for body in asked]
    assert len({each["detail"] for each in refused}) == 1
    for tail in ("0001", "0002", "0003", "0004"):
        await service.call(None, "POST", "/api/v1/track", {"number": need["id"], "phone_tail": tail}, expect=404)
    right = {"number": need["id"], "phone_tail": "5678"}
    assert (await service.call(None, "POST", "/api/v1/track", right, expect=429))["code"] == "too_many_attempts"
    other = await service.need(contact=CONTACT)
    await service.call(None, "POST", "/api/v1/track", right | {"number": other["id"]}, expect=200)


async def test_guesses_made_at_once_are_counted_like_those_made_one_by_one(service: Service) -> None:
    need = await service.need(contact=CONTACT)

    async def guess(tail: str) -> int:
        body = {"number": need["id"], "phone_tail": tail}
        async with service.client.post("/api/v1/track", json=body) as response:
            return response.status

    answers = await asyncio.gather(*(guess(f"{tail:04}") for tail in range(15)))
    assert (answers.count(404), answers.count(429)) == (5, 10)
    assert await guess("5678") == 429


async def test_a_tail_is_four_digits(service: Service) -> None:
    for tail in ("567", "56789", "５６７８", "abcd", "", None, 5678):
        body = {"number": NOWHERE, "phone_tail": tail}
        assert "phone_tail" in (await service.call(Role.ADMIN, "POST", "/api/v1/track", body, expect=422))["fields"]
