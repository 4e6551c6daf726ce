"""What residents and overseers rely on without seeing it: order of events, masked names, a ranking that survives a bad document."""

from typing import Any

import pytest

from api.keys import IDENTITY
from models.account import ProviderRef
from models.errors import DuplicateError
from models.store.ids import is_id, new_id
from models.vocabulary import ProviderKind, Role
from tests.api.support import until
from tests.conftest import COMMUNITY, Service, ServiceMaker


def test_ids_sort_by_the_time_they_were_made() -> None:
    made = [new_id() for _ in range(70_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(is_id(each) for each in made[:100])


async def test_events_stand_in_the_order_of_what_happened_whichever_worker_wrote_them(make_service: ServiceMaker) -> None:
    first = await make_service()
    second = await make_service(first.store.database.name)
    volunteer = await first.volunteer()
    need = await second.need()
    order = await first.offer(need, volunteer)
    steps: list[tuple[Service, str, dict[str, Any] | None]] = [
        (second, "accept", None),
        (first, "start", None),
        (second, "complete", {"summary": "好了"}),
    ]
    for worker, step, body in steps:
        await worker.call(Role.ADMIN, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    told = await first.call(Role.ADMIN, "GET", f"/api/v1/needs/{need['id']}", expect=200)
    actions = [event["action"] for event in told["events"]]
    assert actions == ["need.posted", "order.offered", "order.accepted", "order.started", "order.completed"]


async def test_a_resident_is_not_named_to_who_has_not_accepted(service: Service) -> None:
    volunteer = await service.volunteer()
    token = await service.as_provider(volunteer)
    need = await service.need(contact={"name": "周测试", "phone": "00012345678"})
    order = await service.offer(need, volunteer)
    path = f"/api/v1/needs/{need['id']}"
    assert (await service.call(token, "GET", path, expect=200))["events"][0]["by_name"] == "居民"
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    assert (await service.call(token, "GET", path, expect=200))["events"][0]["by_name"].startswith("测试resident")


async def test_a_document_that_cannot_be_read_is_left_out_and_the_rest_still_ranked(make_service: ServiceMaker) -> None:
    service = await make_service()
    await service.store.database["volunteers"].insert_one({"_id": "bad", "name": "x"})
    volunteer = await service.volunteer()
    await service.store.database["volunteers"].update_one({"_id": volunteer["id"]}, {"$set": {"name": "改名管工"}})

    async def renamed() -> bool:
        found = await service.call(Role.ADMIN, "POST", "/api/v1/rankings", {"text": "水管漏水", "region": COMMUNITY}, expect=200)
        return [each["provider"]["name"] for each in found["candidates"]] == ["改名管工"]

    await until(renamed)
    assert (await service.call(None, "GET", "/readyz", expect=200))["status"] == "ready"
    beside = await make_service(service.store.database.name)
    assert (await beside.call(None, "GET", "/readyz", expect=200))["providers"] == 1


@pytest.mark.parametrize("text", ["？？？", "123456", "！！", "……。。"])
async def test_a_text_without_a_word_goes_to_a_person_and_excludes_nobody(service: Service, text: str) -> None:
    await service.volunteer()
    need = await service.need(text=text)
    assert (need["understanding"]["services"], need["understanding"]["needs_review"], need["people"]) == ([], True, 1)
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert found["eligible"] == 1


async def test_a_profile_belongs_to_one_account(service: Service) -> None:
    volunteer = await service.volunteer()
    identity = service.client.server.app[IDENTITY]
    ref = ProviderRef(ProviderKind.VOLUNTEER, volunteer["id"])
    await identity.add_account("first", "a long password", Role.VOLUNTEER, "甲", None, ref)
    with pytest.raises(DuplicateError):
        await identity.add_account("second", "a long password", Role.VOLUNTEER, "乙", None, ref)
    assert await service.store.accounts.find_by_username("second") is None
    token, _ = await identity.sign_in("first", "a long password", "test")
    assert [each["id"] for each in (await service.call(token, "GET", "/api/v1/volunteers", expect=200))["items"]] == [
        volunteer["id"]
    ]


@pytest.mark.parametrize("path", ["/api/v1/catalogue?", "/api/v1/regions?parent=4201&"])
async def test_a_list_held_whole_is_paged_like_any_other(service: Service, path: str) -> None:
    whole = (await service.call(Role.ADMIN, "GET", path + "limit=200", expect=200))["items"]
    walked, cursor = [], ""
    while cursor is not None:
        answer = await service.call(Role.ADMIN, "GET", f"{path}limit=5{f'&cursor={cursor}' if cursor else ''}", expect=200)
        walked += answer["items"]
        cursor = answer["next"]
    assert walked == whole
    await service.call(Role.ADMIN, "GET", path + "cursor=bm93aGVyZQ==", expect=422)
