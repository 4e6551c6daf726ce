"""A proposal of weights with its evidence. Pure; nothing is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Values
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.evidence import HeldOut, held_out, intervals
from matcher.tuning.learn import Limits, fit
from matcher.tuning.outcomes import ACCEPTED, Outcome, answered_of, answers_of, counted
from matcher.tuning.preview import Preview, preview
from matcher.tuning.replay import Scene

# Fewer answers than these carry no proposal.
MINIMUM = {"answered": 200, "accepted": 30, "not_accepted": 30}
MINIMUM_LABELS = {"answered": "有答复的工单", "accepted": "接单", "not_accepted": "拒单、逾期或退单"}
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """`weights` by criterion sum to one; `intervals` are the middle 95 % of each."""

    weights: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    held_out: HeldOut
    preview: Preview


@dataclass(frozen=True, slots=True)
class Learned:
    """`orders` by what became of them. Without `proposal`, `missing` says how many of what it takes."""

    decisions: int
    needs: int
    orders: Mapping[str, int]
    missing: Mapping[str, int]
    proposal: Proposal | None

    @property
    def verdict(self) -> str:
        if self.proposal is None:
            return f"证据还不够：还差{'，'.join(f'{MINIMUM_LABELS[name]} {count} 张' for name, count in self.missing.items())}。"
        if self.proposal.held_out.better:
            return "用没有参加学习的需求检验，建议的权重比现在的更能说明谁会接单，超出偶然。是否采用由管理员决定。"
        return "用没有参加学习的需求检验，建议的权重没有明显好过现在的，可以先不改。"


def learn(scenes: Sequence[Scene], outcomes: Mapping[str, Outcome], present: Values) -> Learned:
    answered, told = answered_of(scenes, outcomes)
    orders = counted(told)
    missing = _missing(orders)
    needs = len(set(answered.need.tolist()))
    if missing:
        return Learned(len(scenes), needs, orders, missing, None)
    limits = limits_for(present)
    best = fit(answered, present, limits)
    low, high = intervals(answered, present, limits, best)
    weights = _rounded(best.weights)
    answers = [answers_of(scene, outcomes) for scene in scenes]
    proposal = Proposal(
        weights=dict(zip(CRITERIA, weights.tolist(), strict=True)),
        intervals={code: (round(float(low[at]), DECIMALS), round(float(high[at]), DECIMALS)) for at, code in enumerate(CRITERIA)},
        held_out=held_out(answered, present, limits),
        preview=preview(scenes, present, weights, answers),
    )
    return Learned(len(scenes), needs, orders, {}, proposal)


def limits_for(present: Values) -> Limits:
    """The criterion that matters most by default keeps its place: answers of those who were asked cannot tell what it is worth, since
    only the able were asked. What weighs nothing both now and by default is an administrator's choice and stays off."""
    defaults = np.asarray([each.default_weight for each in CRITERIA.values()])
    return Limits(defaults > 0, int(np.argmax(defaults)))


def _missing(orders: Mapping[str, int]) -> dict[str, int]:
    answered = sum(orders.values())
    have = {"answered": answered, "accepted": orders[ACCEPTED], "not_accepted": answered - orders[ACCEPTED]}
    return {name: least - have[name] for name, least in MINIMUM.items() if have[name] < least}


def _rounded(weights: Values) -> Values:
    """To four decimals, still summing to one: the largest takes what rounding left."""
    rounded = np.round(weights, DECIMALS)
    rounded[int(np.argmax(rounded))] += 1.0 - rounded.sum()
    return np.round(rounded, DECIMALS)
