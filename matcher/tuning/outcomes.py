"""What became of the offers behind past decisions, as the arrays that learning reads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.tuning.answered import Answered
from matcher.tuning.replay import Scene
from models.need import Need
from models.order import Order

ACCEPTED, DECLINED, EXPIRED, HANDED_BACK = "accepted", "declined", "expired", "handed_back"
# By the order's status. Who handed back did not serve in the end.
OUTCOMES = {
    "accepted": ACCEPTED,
    "started": ACCEPTED,
    "completed": ACCEPTED,
    "confirmed": ACCEPTED,
    "declined": DECLINED,
    "expired": EXPIRED,
    "handed_back": HANDED_BACK,
}
# Statuses that tell nothing of the provider: no answer yet, or somebody else ended it.
UNTOLD = frozenset({"offered", "applied", "withdrawn", "filled"})
OUTCOME_LABELS = {ACCEPTED: "接单", DECLINED: "拒单", EXPIRED: "逾期未接", HANDED_BACK: "退单"}
# Somebody came, and the resident was not content.
NOT_CONTENT = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """`success`: 1 accepted, 0 not, between for who came and did not content. `attempt` counts the need's offers, those made at
    once together."""

    order_id: str
    ref: str
    told: str
    success: float
    attempt: int

    @property
    def willing(self) -> float:
        return float(self.told == ACCEPTED)


def outcomes_of(orders: Sequence[Order], needs: Mapping[str, Need]) -> dict[str, Outcome]:
    """By order id; orders of which nothing is known yet are left out. `orders` must hold all those of a need."""
    moments: dict[str, list[Order]] = {}
    for order in sorted(orders, key=lambda each: each.offered_at):
        moments.setdefault(order.need_id, []).append(order)
    found = {}
    for need_id, offered in moments.items():
        times = {at: attempt for attempt, at in enumerate(dict.fromkeys(order.offered_at for order in offered), 1)}
        for order in offered:
            told = OUTCOMES.get(str(order.status))
            if told is not None:
                success = _success(told, needs.get(need_id))
                found[order.id] = Outcome(order.id, str(order.provider.ref), told, success, times[order.offered_at])
    return found


def _success(told: str, need: Need | None) -> float:
    if told != ACCEPTED:
        return 0.0
    return 1.0 if need is None or need.evaluation is None or need.evaluation.satisfied else NOT_CONTENT


def counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    tally = Counter(each.told for each in outcomes)
    return {told: tally[told] for told in OUTCOME_LABELS}


def answers_of(scene: Scene, outcomes: Mapping[str, Outcome]) -> dict[str, float]:
    """Who of those chosen said yes, by their ref."""
    told = (outcomes.get(id) for id in scene.decision.order_ids)
    return {each.ref: each.willing for each in told if each is not None}


def answered_of(scenes: Sequence[Scene], outcomes: Mapping[str, Outcome]) -> tuple[Answered, list[Outcome]]:
    """The answered offers of which the values were kept, oldest decision first."""
    rows: list[tuple[Scene, int, Outcome, int]] = []
    for scene in sorted(scenes, key=lambda each: each.decision.at):
        decision = scene.decision
        for order_id, ref, place in zip(decision.order_ids, decision.chosen, decision.places, strict=True):
            outcome = outcomes.get(order_id)
            if outcome is not None and ref in decision.refs:
                rows.append((scene, decision.refs.index(ref), outcome, place))
    needs = _numbered([scene.decision.need_id for scene, *_ in rows])
    moments = _numbered([f"{scene.decision.need_id}@{scene.decision.at.isoformat()}" for scene, *_ in rows])
    values = [scene.values[row] for scene, row, *_ in rows]
    return Answered(
        values=np.asarray(values) if values else np.zeros((0, 0)),
        success=np.asarray([outcome.success for _, _, outcome, _ in rows]),
        need=np.asarray(needs, dtype=np.intp),
        together=np.asarray(moments, dtype=np.intp),
        attempt=np.asarray([float(outcome.attempt) for _, _, outcome, _ in rows]),
        urgency=np.asarray([float(scene.decision.urgency) for scene, *_ in rows]),
        place=np.asarray([place for *_, place in rows], dtype=np.intp),
        around=np.asarray([scene.values.mean(axis=0) for scene, *_ in rows]) if rows else None,
    ), [outcome for _, _, outcome, _ in rows]


def _numbered(names: Sequence[str]) -> list[int]:
    number: dict[str, int] = {}
    return [number.setdefault(name, len(number)) for name in names]
