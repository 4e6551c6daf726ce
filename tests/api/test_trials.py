"""试算与学习 over HTTP: what administrators are told, and that nothing changes by asking."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from matcher.ranking.criteria import CRITERIA, default_criteria
from models.need import Evaluation
from models.order import OrderStatus
from models.provider import ProviderSummary
from models.schedule import now
from models.vocabulary import ProviderKind, Role
from tests.api.support import snapshot
from tests.conftest import FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service
from tests.make import decision, need, order

PREVIEW, LEARN = "/api/v1/weights/default/preview", "/api/v1/weights/default/learn"
NEAREST = {"location": 1}
CODES = tuple(CRITERIA)


async def test_a_preview_tells_what_would_have_been_otherwise_and_changes_nothing(service: Service) -> None:
    able = await service.volunteer(name="手艺好的人", region=NEIGHBOUR_COMMUNITY)
    near = await service.volunteer(name="住得近的人", skills=["修水管"], bio="平时做饭", region=GRID)
    needs = [await service.need(f"厨房水龙头一直漏水，住{number}栋，电话 00012345678") for number in range(3)]
    for each in needs:
        await service.offer(each, able)
    firsts = await service.call(Role.ADMIN, "POST", "/api/v1/rankings", {"text": needs[0]["text"], "region": GRID}, expect=200)
    present_first = firsts["candidates"][0]["provider"]["name"]
    before = await snapshot(service.store)
    found = await service.call(Role.ADMIN, "POST", PREVIEW, {"criteria": NEAREST}, 200)
    assert await snapshot(service.store) == before
    assert (found["decisions"], found["without_candidates"], found["weights"]) == (3, 0, {"name": "default", "version": 1})
    assert found["criteria"] == dict.fromkeys(CODES, 0.0) | {"location": 1.0}
    assert found["changed"] == (0 if present_first == near["name"] else 3)
    assert (found["before"]["uncertain"], found["after"]["uncertain"]) == (0, 0)
    least_near = await service.call(Role.ADMIN, "POST", PREVIEW, {"criteria": {"skill": 1}}, 200)
    either = found if found["changed"] else least_near
    for example in either["examples"]:
        assert "12345" not in example["text"]
        assert "漏水" in example["text"]
        assert {example[side]["provider"]["name"] for side in ("before", "after")} == {able["name"], near["name"]}
        assert "→" in example["change"]
    assert either["examples"] or not either["changed"]


async def test_a_preview_stands_on_what_was_seen_then(service: Service) -> None:
    one, other = await service.volunteer(name="测试甲"), await service.volunteer(name="测试乙", region=NEIGHBOUR_COMMUNITY)
    await service.offer(await service.need(), one)
    before = await service.call(Role.ADMIN, "POST", PREVIEW, {"criteria": NEAREST}, 200)
    change = {"region": FAR_COMMUNITY, "version": 1}
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{other['id']}", change, 200)
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{one['id']}", {"skills": ["理发"], "version": 1}, 200)
    assert await service.call(Role.ADMIN, "POST", PREVIEW, {"criteria": NEAREST}, 200) == before


async def test_since_and_limit_choose_the_decisions(service: Service) -> None:
    one = await service.volunteer(capacity=5)
    for _ in range(3):
        await service.offer(await service.need(), one)

    async def replayed(**span: Any) -> int:
        answer = await service.call(Role.ADMIN, "POST", PREVIEW, {"criteria": NEAREST} | span, 200)
        return int(answer["decisions"])

    assert await replayed(limit=2) == 2
    assert await replayed(since=(now() - timedelta(hours=1)).isoformat()) == 3
    assert await replayed(since=(now() + timedelta(hours=1)).isoformat()) == 0
    assert await replayed(since=None) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "criteria"),
        ({"criteria": {}}, "criteria"),
        ({"criteria": {"skill": 0}}, "criteria"),
        ({"criteria": {"kindness": 1}}, "criteria.kindness"),
        ({"criteria": {"skill": -1}}, "criteria.skill"),
        ({"criteria": NEAREST, "limit": 0}, "limit"),
        ({"criteria": NEAREST, "limit": 5001}, "limit"),
        ({"criteria": NEAREST, "since": "yesterday"}, "since"),
    ],
)
async def test_a_preview_that_makes_no_sense_is_refused(service: Service, body: dict[str, Any], field: str) -> None:
    refused = await service.call(Role.ADMIN, "POST", PREVIEW, body, 422)
    assert any(name.startswith(field) for name in refused["fields"])


async def test_only_administrators_try_weights_and_only_profiles_that_are_there(service: Service) -> None:
    for path, body in ((PREVIEW, {"criteria": NEAREST}), (LEARN, {})):
        for role in (Role.COMMUNITY, Role.STREET, Role.RESIDENT, Role.VOLUNTEER):
            await service.call(role, "POST", path, body, 403)
        await service.call(None, "POST", path, body, 401)
        await service.call(Role.ADMIN, "POST", path.replace("default", "nowhere"), body, 404)


async def test_an_administrator_of_a_district_reads_only_its_needs(service: Service) -> None:
    await service.offer(await service.need(), await service.volunteer())
    far = await service.account(Role.ADMIN, FAR_COMMUNITY[:6])
    assert (await service.call(far, "POST", PREVIEW, {"criteria": NEAREST}, 200))["decisions"] == 0
    near = await service.account(Role.ADMIN, GRID[:6])
    assert (await service.call(near, "POST", PREVIEW, {"criteria": NEAREST}, 200))["decisions"] == 1


async def test_too_little_evidence_is_said_with_what_is_missing(service: Service) -> None:
    one = await service.volunteer()
    token = await service.as_provider(one)
    placed = await service.offer(await service.need(), one)
    await service.call(token, "POST", f"/api/v1/orders/{placed['id']}/accept", expect=200)
    await service.offer(await service.need(), one)
    found = await service.call(Role.ADMIN, "POST", LEARN, {}, 200)
    assert (found["enough"], found["proposal"]) == (False, None)
    assert found["orders"] == {"accepted": 1, "declined": 0, "expired": 0, "handed_back": 0}
    assert found["missing"] == {"answered": 199, "accepted": 29, "not_accepted": 30}
    assert found["verdict"] == "证据还不够：还差有答复的工单 199 张，接单 29 张，拒单、逾期或退单 30 张。"
    assert found["decisions"] == 2


async def answered_past(service: Service, offers: int) -> None:
    """Decisions with orders that people answered by distance and rating, put straight into the store."""
    dice = np.random.default_rng(11)
    shares = np.asarray(list(default_criteria().values()))
    at = now() - timedelta(days=30)
    near, liked = CODES.index("location"), CODES.index("rating")
    for number in range(offers):
        values = dice.random((12, len(CODES)))
        row = int(np.argsort(-(values @ shares))[int(dice.integers(0, 4))])
        yes = bool(dice.random() < expit(7 * (0.6 * values[row, near] + 0.4 * values[row, liked] - 0.55)))
        refs = tuple(f"volunteer:{person:024x}" for person in dice.permutation(40)[:12])
        asked = need(text=f"水管漏了 {number}", region=GRID, evaluation=evaluation(bool(dice.random() < 0.9)) if yes else None)
        status = OrderStatus.COMPLETED if yes else OrderStatus.DECLINED
        who = ProviderSummary(ProviderKind.VOLUNTEER, refs[row].partition(":")[2], "测试")
        placed = order(need_id=asked.id, provider=who, status=status, offered_at=at)
        await service.store.needs.add(asked)
        await service.store.orders.add(placed)
        await service.store.decisions.add(
            decision(
                need_id=asked.id, order_ids=(placed.id,), at=at + timedelta(minutes=number), codes=CODES, shares=tuple(shares.tolist()),
                eligible=12, refs=refs, values=np.round(values * 10_000).astype("<u2").tobytes(), chosen=(refs[row],), places=(2,),
                distances=np.round(3000 * (1 - values[:, near])).astype("<i4").tobytes(), loads=np.zeros(12, "<u2").tobytes(),
                caps=(0.0,) * len(CODES),
            )
        )  # fmt: skip


def evaluation(satisfied: bool) -> Evaluation:
    return Evaluation(True, True, satisfied, 4, "", "resident-1", Role.RESIDENT, now())


async def test_enough_answers_give_a_proposal_with_its_evidence_that_is_not_applied(service: Service) -> None:
    await answered_past(service, 500)
    await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    found = await service.call(Role.ADMIN, "POST", LEARN, {}, 200)
    assert await snapshot(service.store) == before, "it proposes and does not apply"
    assert (found["enough"], found["missing"], found["needs"], found["decisions"]) == (True, {}, 500, 500)
    assert sum(found["orders"].values()) == 500
    proposed, intervals = found["proposal"]["criteria"], found["proposal"]["intervals"]
    assert sum(proposed.values()) == pytest.approx(1, abs=1e-9)
    assert all(low <= proposed[code] <= high for code, (low, high) in intervals.items())
    assert proposed["location"] > found["present"]["location"]
    assert max(proposed, key=lambda code: proposed[code]) == "skill", "skill keeps its place"
    assert proposed["party_member"] == 0
    held = found["proposal"]["held_out"]
    assert held["better"]
    assert held["log_loss_proposed"] < held["log_loss_present"]
    assert "超出偶然" in found["verdict"]
    replayed = found["proposal"]["preview"]
    assert replayed["decisions"] == 500
    assert replayed["changed"] > 0
    assert len(replayed["examples"]) == 10
    assert replayed["after"]["mean_distance_km"] < replayed["before"]["mean_distance_km"]
    assert all("*" in each["text"] for each in replayed["examples"])
    taken = {"criteria": proposed, "version": 1, "reason": "采用学习的建议"}
    assert (await service.call(Role.ADMIN, "PUT", "/api/v1/weights/default", taken, 200))["version"] == 2
