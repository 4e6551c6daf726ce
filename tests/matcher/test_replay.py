"""Past decisions under other weights, held against a ranking of everybody who was there."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.ranking.criteria import CRITERIA
from matcher.ranking.query import View
from matcher.ranking.ranker import rank
from matcher.tuning.decisions import decision_of
from matcher.tuning.outcomes import OUTCOME_LABELS, OUTCOMES, UNTOLD, outcomes_of
from matcher.tuning.preview import gini, preview
from matcher.tuning.proposal import limits_for
from matcher.tuning.replay import best_unkept, first_by, present_shares, scene_of, shares_of
from matcher.tuning.trials import masked
from models.decision import Decision
from models.order import OrderStatus
from tests.make import AT, decision, need, order, services, understanding, volunteer, weights
from tests.matcher.city import CATALOGUE, REGIONS, asking, loaded, north

PRESENT = weights(skill=0.5, location=0.2, capacity=0.1, availability=0.1, rating=0.1)
CODES = tuple(CRITERIA)


class Past:
    """A crowd of plumbers at one moment, and the decision kept of it."""

    def __init__(self, seed: int, crowd: int = 300) -> None:
        dice = np.random.default_rng(seed)
        self.columns = loaded(
            *(
                volunteer(
                    services=services(plumbing=float(dice.uniform(0.1, 1))),
                    point=north(float(dice.uniform(0, 4.9))),
                    capacity=6,
                    load=int(dice.integers(0, 6)),
                    rating_count=5,
                    rating_sum=float(dice.uniform(0, 5)),
                )
                for _ in range(crowd)
            ),
            room=crowd + 212,
        )
        self.query = asking(point=REGIONS.point_of("420106"))
        one = need(understanding=understanding(services=services(plumbing=1.0)))
        chosen = order(volunteer(), need_id=one.id)
        view = View(self.query, self.columns, CATALOGUE)
        self.decision: Decision = decision_of(_Context(self.columns), view, PRESENT, one, [chosen])  # type: ignore[arg-type]

    def everyone(self, **criteria: float) -> list[Any]:
        return list(rank(self.query, self.columns, CATALOGUE, weights(**criteria), 1000).candidates)


class _Context:
    """What keeping a decision needs of the context, without a store."""

    catalogue, decision_days = CATALOGUE, 1

    def __init__(self, columns: Any) -> None:
        self.columns, self.store = columns, self

    def new_id(self) -> str:
        return "1"


def proposals() -> list[dict[str, float]]:
    dice = np.random.default_rng(3)
    codes = ("skill", "location", "capacity", "availability", "rating")
    drawn = [dict(zip(codes, dice.dirichlet(np.ones(5)).tolist(), strict=True)) for _ in range(20)]
    return [*drawn, {"location": 1.0}, {"rating": 1.0}, {"skill": 0.5, "rating": 0.5}, dict(PRESENT.criteria)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_called_exact_is_what_a_ranking_of_everybody_gives(seed: int) -> None:
    past = Past(seed)
    scene = scene_of(past.decision)
    assert len(past.decision.refs) < past.decision.eligible == 300
    exact = 0
    for criteria in proposals():
        first = first_by(scene, shares_of(criteria))
        top = past.everyone(**criteria)[0]
        if first.exact:
            exact += 1
            # Kept values are rounded to four decimals: of two that differ by less either may be first.
            assert first.score == pytest.approx(top.score, abs=1e-4)
    assert exact >= 10
    assert first_by(scene, present_shares(PRESENT)).exact


def test_nobody_left_out_stands_above_the_bound() -> None:
    past = Past(4)
    scene = scene_of(past.decision)
    for criteria in proposals():
        left = [each for each in past.everyone(**criteria) if str(each.ref) not in past.decision.refs]
        assert max(each.score for each in left) <= best_unkept(scene, shares_of(criteria)) + 1e-4


def test_a_proposal_that_could_lift_somebody_who_was_not_kept_is_called_uncertain() -> None:
    flat = decision(
        codes=("skill", "location"), shares=(0.5, 0.5), eligible=3, refs=("volunteer:1", "volunteer:2"),
        values=np.asarray([[9000, 2000], [2000, 6000]], "<u2").tobytes(), distances=np.asarray([1000, 300], "<i4").tobytes(),
        loads=np.asarray([0, 0], "<u2").tobytes(), floor=0.45, caps=(0.4, 0.6),
    )  # fmt: skip
    scene = scene_of(flat)
    assert first_by(scene, shares_of({"skill": 1})).exact
    # Two tenths of skill with six of location are 0.4, up to the floor a bit more of skill: 0.3 x 0.7 + 0.6 x 0.3.
    assert best_unkept(scene, shares_of({"skill": 0.3, "location": 0.7})) == pytest.approx(0.7 * 0.6 + 0.3 * 0.3)
    unsure = first_by(scene, shares_of({"skill": 0.3, "location": 0.7}))
    assert not unsure.exact
    assert first_by(scene_of(replace(flat, eligible=2)), shares_of({"skill": 0.3, "location": 0.7})).exact


def test_equals_stand_in_the_order_of_the_ranking() -> None:
    three = decision(
        codes=("skill",), eligible=3, refs=("volunteer:b", "volunteer:a", "organisation:c"),
        values=np.asarray([[5000], [5000], [5000]], "<u2").tobytes(), loads=np.zeros(3, "<u2").tobytes(),
        distances=np.asarray([200, 200, -1], "<i4").tobytes(),
    )  # fmt: skip
    assert three.refs[first_by(scene_of(three), shares_of({"skill": 1})).row] == "volunteer:a"


def test_a_criterion_that_was_not_known_then_moves_nobody() -> None:
    old = decision(
        codes=("skill", "gone"), shares=(0.5, 0.5), eligible=2, refs=("volunteer:a", "volunteer:b"),
        values=np.asarray([[5000, 1], [6000, 2]], "<u2").tobytes(), loads=np.zeros(2, "<u2").tobytes(),
        distances=np.zeros(2, "<i4").tobytes(), caps=(0.0, 0.0),
    )  # fmt: skip
    scene = scene_of(old)
    assert scene.values.shape == (2, len(CODES))
    assert first_by(scene, shares_of({"skill": 0.1, "location": 0.9})).row == 1


def test_a_preview_counts_what_changes_and_says_why() -> None:
    scenes = [scene_of(Past(seed).decision) for seed in range(5, 15)]
    nearest = shares_of({"location": 1})
    found = preview(scenes, present_shares(PRESENT), nearest, [{}] * len(scenes))
    firsts = [(first_by(scene, present_shares(PRESENT)).row, first_by(scene, nearest).row) for scene in scenes]
    assert found.decisions == 10
    assert found.changed == sum(old != new for old, new in firsts) == len(found.examples) > 5
    distances = [float(scene.distance_km[new]) for scene, (_, new) in zip(scenes, firsts, strict=True)]
    assert found.after.mean_distance_km == pytest.approx(np.mean(distances))
    assert found.before.mean_distance_km is not None
    assert found.after.mean_distance_km is not None
    assert found.after.mean_distance_km < found.before.mean_distance_km
    assert found.after.values["skill"] < found.before.values["skill"]
    assert "距离远近" in found.examples[0].change
    assert "权重 0.20→1.00" in found.examples[0].change
    same = preview(scenes, present_shares(PRESENT), present_shares(PRESENT), [{}] * len(scenes))
    assert (same.changed, same.examples, same.before) == (0, (), same.after)


def test_answers_foretell_only_where_the_first_choice_was_the_one_asked() -> None:
    past = decision(
        codes=("skill", "location"), shares=(0.5, 0.5), eligible=2, refs=("volunteer:a", "volunteer:b"), chosen=("volunteer:a",),
        values=np.asarray([[9000, 1000], [1000, 9000]], "<u2").tobytes(), loads=np.zeros(2, "<u2").tobytes(),
        distances=np.zeros(2, "<i4").tobytes(), caps=(0.0, 0.0),
    )  # fmt: skip
    scenes = [scene_of(past)] * 4
    answers = [{"volunteer:a": 1.0}, {"volunteer:a": 0.0}, {"volunteer:a": 1.0}, {}]
    found = preview(scenes, shares_of({"skill": 1}), shares_of({"location": 1}), answers)
    assert found.before.expected_acceptance == pytest.approx(2 / 3)
    assert found.after.expected_acceptance is None
    assert found.acceptance_from == "outcomes"


def test_a_decision_without_candidates_is_told_apart() -> None:
    found = preview([scene_of(decision())], shares_of({"skill": 1}), shares_of({"location": 1}), [{}])
    assert (found.decisions, found.without_candidates, found.before.mean_distance_km) == (0, 1, None)


@pytest.mark.parametrize(("counts", "value"), [([3, 3, 3], 0.0), ([0, 0, 6], 2 / 3), ([1, 2, 3], 2 / 9), ([0, 0], 0.0)])
def test_gini(counts: list[float], value: float) -> None:
    assert gini(np.asarray(counts, dtype=np.float64)) == pytest.approx(value)


def test_every_status_of_an_order_tells_something_or_is_said_not_to() -> None:
    assert {str(status) for status in OrderStatus} <= set(OUTCOMES) | UNTOLD
    assert not set(OUTCOMES) & UNTOLD
    assert set(OUTCOMES.values()) == set(OUTCOME_LABELS)


def test_offers_made_at_once_are_one_attempt() -> None:
    later = AT.replace(hour=9)
    orders = [
        order(need_id="n", offered_at=at, status=status)
        for at, status in ((AT, OrderStatus.DECLINED), (AT, OrderStatus.FILLED), (later, OrderStatus.COMPLETED))
    ]
    found = outcomes_of(orders, {})
    assert [(each.told, each.success, each.attempt) for each in found.values()] == [("declined", 0.0, 1), ("accepted", 1.0, 2)]


def test_the_first_criterion_is_protected_and_what_is_off_by_default_stays_off() -> None:
    limits = limits_for(present_shares(PRESENT))
    assert CODES[limits.protected or 0] == "skill"
    assert {code for code, free in zip(CODES, limits.free, strict=True) if not free} == {
        code for code, each in CRITERIA.items() if each.default_weight == 0
    }


def test_digits_of_every_script_are_masked() -> None:
    assert masked("3栋２单元 13900001111") == "*栋*单元 ***********"
