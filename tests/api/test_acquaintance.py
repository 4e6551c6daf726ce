"""接单意愿、近期负担、服务过这位居民: what happened to earlier orders moves the next ranking."""

from typing import Any

import pytest

from models.account import ProviderRef
from models.schedule import now
from models.vocabulary import ProviderKind, Role
from models.workload import work_at
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service

PHONE = "00012345678"


async def done(service: Service, need: dict[str, Any], provider: dict[str, Any], judge: Role | str, satisfied: bool) -> None:
    """The need goes the whole way with this provider and is judged."""
    order = await service.offer(need, provider)
    for step in ("accept", "start", "complete"):
        body = {"summary": "好了"} if step == "complete" else None
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    judged = {"responded": True, "resolved": True, "satisfied": satisfied, "score": 5 if satisfied else 2}
    await service.call(judge, "POST", f"/api/v1/needs/{need['id']}/evaluation", judged, expect=201)


async def parts(service: Service, need: dict[str, Any], provider: dict[str, Any]) -> tuple[dict[str, float], str]:
    """The values of this provider's contributions, and the reason."""
    path = f"/api/v1/needs/{need['id']}/candidates?why=volunteer:{provider['id']}"
    why = (await service.call(Role.ADMIN, "GET", path, expect=200))["why"]
    return {code: part["value"] for code, part in why["contributions"].items()}, why["reason"]


@pytest.mark.parametrize(("satisfied", "value"), [(True, 1.0), (False, 0.0)])
async def test_who_served_a_resident_before_is_known_to_them_by_account(service: Service, satisfied: bool, value: float) -> None:
    known, stranger = await service.volunteer(name="服务过的人"), await service.volunteer(name="没来过的人")
    await done(service, await service.need(), known, Role.RESIDENT, satisfied)
    need = await service.need(text="水管又漏了")
    values, reason = await parts(service, need, known)
    assert values["continuity"] == value
    assert ("服务过这位居民，居民满意" if satisfied else "服务过这位居民，居民不满意") in reason
    values, reason = await parts(service, need, stranger)
    assert values["continuity"] == 0.5
    assert "服务过" not in reason


async def test_the_latest_judgement_of_a_resident_counts(service: Service) -> None:
    known = await service.volunteer()
    for satisfied, value in ((True, 1.0), (False, 0.0), (True, 1.0)):
        await done(service, await service.need(), known, Role.RESIDENT, satisfied)
        assert (await parts(service, await service.need(), known))[0]["continuity"] == value


async def test_a_resident_whose_need_is_posted_for_them_is_known_by_their_phone(service: Service) -> None:
    known = await service.volunteer()
    await done(service, await service.need(who=Role.COMMUNITY, contact={"phone": PHONE}), known, Role.COMMUNITY, True)
    same = await service.need(contact={"phone": PHONE})
    assert (await parts(service, same, known))[0]["continuity"] == 1.0
    another = await service.need(who=Role.COMMUNITY, contact={"phone": "00012345679"})
    assert (await parts(service, another, known))[0]["continuity"] == 0.5, "the clerk who posts for many is not the resident"


async def test_who_served_somebody_is_not_told_in_another_district(service: Service) -> None:
    known = await service.volunteer()
    await done(service, await service.need(contact={"phone": PHONE}), known, Role.RESIDENT, True)
    elsewhere = await service.need(who=Role.ADMIN, contact={"phone": PHONE}, region=FAR_COMMUNITY)
    assert (await parts(service, elsewhere, known))[0]["continuity"] == 0.5


async def test_a_yes_is_work_and_an_answer_and_a_no_is_an_answer_only(service: Service) -> None:
    willing, unwilling = await service.volunteer(), await service.volunteer()
    for provider, step, body in ((willing, "accept", None), (unwilling, "decline", {"reason": "出差"})):
        order = await service.offer(await service.need(), provider)
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    need = await service.need()
    yes, reason = await parts(service, need, willing)
    assert yes["acceptance"] == pytest.approx((1 + 1.75) / 6, abs=1e-6)
    assert yes["balance"] == pytest.approx(1 / (1 + 1 / 3), abs=1e-4)
    assert "派给过 1 单，接了 1 单，近来接过 1 单左右" in reason
    no, reason = await parts(service, need, unwilling)
    assert (no["acceptance"], no["balance"]) == (pytest.approx(1.75 / 6, abs=1e-6), 1.0)
    assert "派给过 1 单，接了 0 单" in reason
    assert "近期" not in reason


async def test_an_acceptance_that_fails_counts_as_nothing(service: Service) -> None:
    full = await service.volunteer(capacity=1)
    orders = [await service.offer(await service.need(), full) for _ in range(2)]
    for order, status in zip(orders, (200, 409), strict=True):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=status)
    kept = await service.store.providers.get(ProviderRef(ProviderKind.VOLUNTEER, full["id"]))
    assert kept is not None
    assert (kept.answered, kept.accepted_count) == (1, 1)
    assert kept.recent_work == pytest.approx(work_at(now()), rel=1e-3)


async def test_telling_words_are_found_again_when_the_skills_change(service: Service) -> None:
    one = await service.volunteer(skills=["高中英语"], region=COMMUNITY)
    need = await service.need(text="孩子高一化学跟不上")
    before, _ = await parts(service, need, one)
    change = {"skills": ["高中化学"], "version": 1}
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{one['id']}", change, expect=200)
    after, reason = await parts(service, need, one)
    assert after["text"] > before["text"]
    assert "资料里提到“化学”" in reason
