"""What others do reaches who looks at it: as soon as it happens, once for many, and not a sign of it to anybody else."""

import asyncio
import time
from dataclasses import fields
from typing import Any

import pytest

from api.background.ears import MOST_RECENT, Ear, Ears, Recent
from api.keys import IDENTITY
from matcher.dispatch.hearing import Wish, rung_by
from models.errors import NotFoundError
from models.event import Event, Trace
from models.vocabulary import Role
from tests.api.support import own_profile, told
from tests.api.test_stream import Events, account_of, listening
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service, ServiceMaker
from tests.console.test_my_whistles import organisation
from tests.console.test_whistles import department

JUDGEMENT = {"responded": True, "resolved": True, "satisfied": False, "score": 2}


def trace_of(event: Event) -> Trace:
    return Trace(**{each.name: getattr(event, each.name) for each in fields(Trace)})


async def touch(events: Events) -> Any:
    """The data of the next `touched`; notices that come between are passed over."""
    while (event := await events.next()) is not None:
        if event[0] == "touched":
            return event[1]
    return None


async def count_until_quiet(events: Events, seconds: float) -> int:
    heard = 0
    while True:
        try:
            assert await asyncio.wait_for(touch(events), seconds) is not None
        except TimeoutError:
            return heard
        heard += 1


async def heard_by(service: Service, token: str, wish: Wish, events: list[Event]) -> set[str]:
    """The ids of those events that would ring for the holder of this token."""
    who = await service.client.app[IDENTITY].holder(token)
    topics = await service.desk.hearing.topics(who, wish)
    return {event.id for event in events if topics.keys() & set(rung_by(trace_of(event)))}


async def test_everybody_hears_of_a_need_what_they_read_of_it_and_no_more(service: Service) -> None:
    people = [await own_profile(service, name=name) for name in ("先来的", "后来的", "没来的")]
    tokens = [token for _, token in people]
    need = await service.need()
    for (profile, token), step in zip(people[:2], ("decline", "accept"), strict=True):
        order = await service.offer(need, profile)
        body = {"reason": "这两天不在家"} if step == "decline" else None
        await service.call(token, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    for step in ("start", "complete"):
        body = {"summary": "好了"} if step == "complete" else None
        await service.call(tokens[1], "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    address = f"/api/v1/needs/{need['id']}"
    await service.call(Role.RESIDENT, "POST", f"{address}/evaluation", JUDGEMENT, expect=201)
    written, heard = await service.store.events.of_need(need["id"]), {}
    for who in (Role.RESIDENT, Role.COMMUNITY, *tokens[:2]):
        token = await service.token(who) if isinstance(who, Role) else who
        read = await service.call(token, "GET", address, expect=200)
        heard[who] = await heard_by(service, token, Wish(need=need["id"]), written)
        assert heard[who] == {event["id"] for event in read["events"]}
    assert heard[tokens[0]] < heard[Role.RESIDENT], (
        "who declined does not learn that somebody else took it on, nor how it was judged"
    )
    for stranger in (tokens[2], await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY), await service.account(Role.RESIDENT)):
        with pytest.raises(NotFoundError):
            await heard_by(service, stranger, Wish(need=need["id"]), written)


async def test_who_was_merged_into_another_hears_of_that_one_under_their_own_name(service: Service) -> None:
    other = await service.account(Role.RESIDENT, COMMUNITY)
    mine, kept = await service.need(), await service.need(who=other, channel="resident")
    body = {"into": kept["id"], "reason": "是同一处漏水"}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{mine['id']}/merge", body, expect=200)
    async with listening(service, await service.token(Role.RESIDENT), need=mine["id"]) as events:
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{kept['id']}/by-hand", {"note": "我来"}, expect=200)
        assert await touch(events) == {"topic": f"need:{mine['id']}"}
    await service.call(Role.RESIDENT, "GET", f"/api/v1/stream?need={kept['id']}", expect=404)


async def test_a_unit_hears_of_the_whistle_and_of_itself_and_not_of_the_other_units(service: Service) -> None:
    units = [await organisation(service), await department(service, "城管中队")]
    refs = [{"kind": each["kind"], "id": each["id"]} for each in units]
    body = {"text": "河堤有险情", "region": COMMUNITY, "units": refs}
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", body, expect=201)
    address, tokens = f"/api/v1/whistles/{whistle['id']}", [await service.as_provider(each) for each in units]
    await service.call(tokens[0], "POST", f"{address}/report-in", {}, expect=200)
    written = await service.store.events.of_subject(f"whistle:{whistle['id']}")
    for token in (await service.token(Role.COMMUNITY), *tokens):
        read = await service.call(token, "GET", address, expect=200)
        assert await heard_by(service, token, Wish(whistle=whistle["id"]), written) == {each["id"] for each in read["events"]}
    assert len(written) > len(read["events"])
    with pytest.raises(NotFoundError):
        await heard_by(service, await service.account(Role.VOLUNTEER), Wish(whistle=whistle["id"]), written)


async def test_an_accept_touches_the_pages_of_the_resident_and_of_the_desk(make_service: ServiceMaker) -> None:
    first = await make_service()
    second = await make_service(first.store.database.name)
    profile, token = await own_profile(first)
    need = await first.need()
    order = await first.offer(need, profile)
    about = {"need": need["id"]}
    async with (
        listening(second, await first.token(Role.RESIDENT), **about) as resident,
        listening(second, await first.token(Role.COMMUNITY), **about) as clerk,
        listening(second, await first.token(Role.STREET), desk="true") as street,
    ):
        await first.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
        assert await touch(resident) == await touch(clerk) == {"topic": f"need:{need['id']}"}
        assert await touch(street) == {"topic": "needs"}


async def test_a_desk_hears_of_its_own_region_alone_and_of_a_part_of_it_when_asked(service: Service) -> None:
    street, neighbour = await service.token(Role.STREET), await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY)
    nobody = await service.account(Role.COMMUNITY)
    async with (
        listening(service, neighbour, desk="true") as theirs,
        listening(service, street, desk="true", region=NEIGHBOUR_COMMUNITY) as part,
        listening(service, street, desk="true", region=FAR_COMMUNITY) as outside,
        listening(service, nobody, desk="true") as nothing,
        listening(service, street, desk="true") as all_of_it,
    ):
        await service.need()
        assert await touch(all_of_it) == {"topic": "needs"}
        quiet = [asyncio.create_task(touch(each)) for each in (theirs, part, outside, nothing)]
        await told(service.store)
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in quiet)
        await service.need(who=neighbour, region=NEIGHBOUR_COMMUNITY + "001")
        assert [await task for task in quiet[:2]] == [{"topic": "needs"}] * 2
        body = {"text": "河堤有险情", "region": NEIGHBOUR_COMMUNITY, "units": []}
        body["units"] = [{"kind": "organisation", "id": (await department(service, "城管中队"))["id"]}]
        await service.call(Role.ADMIN, "POST", "/api/v1/whistles", body, expect=201)
        assert {(await touch(theirs))["topic"], (await touch(part))["topic"]} == {"whistles"}
        assert not any(task.done() for task in quiet[2:])
        for task in quiet[2:]:
            task.cancel()


async def test_what_one_may_not_hear_is_refused_like_what_is_not_there(service: Service) -> None:
    need = await service.need()
    asked: list[tuple[str | Role, str, int]] = [
        (await service.account(Role.COMMUNITY, FAR_COMMUNITY), f"need={need['id']}", 404),
        (Role.COMMUNITY, "need=0", 404),
        (await service.account(Role.RESIDENT), f"need={need['id']}", 404),
        (Role.COMMUNITY, "whistle=0", 404),
        (Role.RESIDENT, "desk=true", 403),
        (Role.COMMUNITY, "desk=true&region=99", 422),
        (Role.COMMUNITY, f"region={GRID}", 422),
    ]
    for who, query, status in asked:
        await service.call(who, "GET", f"/api/v1/stream?{query}", expect=status)


@pytest.mark.parametrize("lost", ["session", "right"])
async def test_who_has_lost_session_or_right_hears_of_nothing_more(service: Service, lost: str) -> None:
    """Long before the next sign of life."""
    token = await service.account(Role.COMMUNITY, COMMUNITY)
    need = await service.need()
    async with listening(service, token, need=need["id"]) as events:
        if lost == "session":
            await service.call(token, "DELETE", "/api/v1/sessions/current", expect=204)
        else:
            moved = {"$set": {"region": FAR_COMMUNITY}}
            await service.store.database["accounts"].update_one({"_id": await account_of(service, token)}, moved)
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/cancel", {"reason": "自己修好了"}, expect=200)
        assert await touch(events) is None


async def test_of_many_things_that_happen_at_once_one_hears_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.stream.TOUCH_SECONDS", 1.0)
    begun_at = time.monotonic()
    async with listening(service, await service.token(Role.STREET), desk="true") as events:
        for _ in range(8):
            await service.need()
        heard = await count_until_quiet(events, 1.3)
    assert 1 <= heard <= time.monotonic() - begun_at + 1


async def cut(service: Service) -> None:
    """End the cursor of the worker's change stream of events on the server."""
    database = service.store.database
    pipeline: list[dict[str, Any]] = [
        {"$currentOp": {"idleCursors": True, "allUsers": True}},
        {"$match": {"cursor.cursorId": {"$exists": True}, "ns": f"{database.name}.events"}},
    ]
    while not (found := [each async for each in await database.client.admin.aggregate(pipeline)]):
        await asyncio.sleep(0.01)
    await database.command("killCursors", "events", cursors=[each["cursor"]["cursorId"] for each in found])


async def test_a_change_stream_that_is_cut_goes_on_where_it_was(service: Service) -> None:
    need = await service.need()
    address, token = f"/api/v1/needs/{need['id']}", await service.token(Role.COMMUNITY)
    async with listening(service, token, need=need["id"]) as events:
        for step, body in (("by-hand", {"note": "我来"}), ("handle", {"summary": "换好了"})):
            await cut(service)
            await service.call(token, "POST", f"{address}/{step}", body, expect=200)
            assert await touch(events) == {"topic": f"need:{need['id']}"}


async def test_where_it_is_not_known_what_was_missed_all_are_told_to_look_again(service: Service) -> None:
    need = await service.need()
    token = await service.token(Role.COMMUNITY)
    async with listening(service, token, need=need["id"]) as events:
        await service.store.database["events"].drop()
        assert await touch(events) == {"topic": f"need:{need['id']}"}
        await service.call(token, "POST", f"/api/v1/needs/{need['id']}/by-hand", {"note": "我来"}, expect=200)
        assert await touch(events) == {"topic": f"need:{need['id']}"}


def test_an_ear_holds_no_more_than_what_it_listens_for_however_slow_its_reader() -> None:
    ears, slow, gone = Ears(), Ear(lambda: True), Ear(lambda: False)
    for ear in (slow, gone):
        ears.set(ear, ("need:1", "needs@"))
    for number in range(1000):
        ears.ring((f"need:{number}", "needs@"))
    assert ears.listening_for("needs@") == 1
    assert (slow.take(), slow.take()) == ({"need:1", "needs@"}, set())
    ears.set(slow, ("need:2",))
    ears.ring(("need:1", "needs@"))
    assert slow.take() == set()


def test_who_comes_a_moment_later_hears_what_has_rung_since_and_all_where_that_is_forgotten() -> None:
    recent, keys = Recent(100.0), frozenset({"a", "b"})
    for number in range(MOST_RECENT):
        recent.add(200.0 + number, ("a",) if number == 3 else ("c",))
    assert recent.since(150.0, keys) == {"a"}
    assert recent.since(250.0, keys) == set()
    assert recent.since(50.0, keys) == keys
    recent.add(900.0, ("b",))
    assert recent.since(200.0, keys) == keys, "the oldest is forgotten"
    recent.forget(1000.0)
    assert recent.since(990.0, keys) == keys
