"""查进度 without signing in: by number and the end of the telephone number, and no further than where it stands."""

import asyncio
import json

from models.vocabulary import Role
from tests.api.support import NOWHERE
from tests.conftest import Service

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
