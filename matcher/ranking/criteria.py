"""评分项: the soft measures, each in [0, 1] for the eligible rows. `measures` says what it looks at, `absence` what it gives where
nothing is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Rows, Values
from matcher.ranking.query import View

DECAY_KM = 3.0
# How much of `location` comes from distance; the rest from belonging to the same grid, community, street, district.
DISTANCE_PART = 0.6
SHARED_REGION = {15: 1.0, 12: 0.85, 9: 0.6, 6: 0.3}
# A provider with few evaluations is drawn towards the mean as if PRIOR_COUNT residents had given PRIOR_RATING.
PRIOR_RATING, PRIOR_COUNT = 0.75, 5.0
ENOUGH_MINUTES = 120.0
# How many of those asked say yes: the middle of what is published for volunteer responders, 17 to 47 of 100.
PRIOR_ACCEPTANCE, PRIOR_ANSWERS = 0.35, 5.0
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    label: str
    measures: str
    absence: str
    default_weight: float
    measure: Callable[[View, Rows], Values]


CRITERIA: dict[str, Criterion] = {}
Measure = Callable[[View, Rows], Values]


def criterion(code: str, label: str, *, weight: float, measures: str, absence: str) -> Callable[[Measure], Measure]:
    def register(measure: Measure) -> Measure:
        CRITERIA[code] = Criterion(code, label, measures, absence, weight, measure)
        return measure

    return register


@criterion("skill", "技能匹配", weight=0.42, measures="登记的技能和这件事对不对得上", absence="没有登记技能记 0")
def skill(view: View, rows: Rows) -> Values:
    return view.skill()[rows]


@criterion(
    "text", "简介相符", weight=0.1, measures="自己写的介绍里，有没有这条需求里的那些词", absence="需求或资料里没有可对照的词记 0"
)
def text(view: View, rows: Rows) -> Values:
    """What the service items are too coarse for: a chemistry need and an English tutor share one."""
    return view.text()[rows]


@criterion(
    "location",
    "距离远近",
    weight=0.18,
    measures="离居民多远，是不是一个网格、社区、街道",
    absence="位置不明时只看是否同网格、同社区、同街道",
)
def location(view: View, rows: Rows) -> Values:
    """Exponential decay with distance, and belonging together: neighbours share more than metres."""
    distance = view.distance_km()[rows]
    decay = np.where(np.isnan(distance), 0.0, np.exp(-distance / DECAY_KM))
    belonging = np.zeros(len(rows))
    for digits, value in sorted(SHARED_REGION.items()):
        belonging[view.same_region(digits)[rows]] = value
    return DISTANCE_PART * decay + (1 - DISTANCE_PART) * belonging


@criterion("capacity", "承接余量", weight=0.07, measures="手头还能接几单，占能接的多少", absence="承接量必填，不会缺失")
def capacity(view: View, rows: Rows) -> Values:
    total = np.maximum(view.columns.capacity[rows], 1)
    return np.clip((total - view.columns.load[rows]) / total, 0.0, 1.0)


@criterion(
    "availability",
    "时间合适",
    weight=0.07,
    measures="空闲的时间盖住约定时间的多少",
    absence="没有说时段、或没有登记空闲时间的记 0.5",
)
def availability(view: View, rows: Rows) -> Values:
    """The part of the window covered; two hours of a long window are enough."""
    window = view.query.window
    if window is None:
        return np.full(len(rows), UNKNOWN)
    overlap = view.overlap_minutes()[rows]
    return np.where(np.isnan(overlap), UNKNOWN, np.minimum(1.0, overlap / min(ENOUGH_MINUTES, window.minutes)))


@criterion(
    "rating", "居民评价", weight=0.06, measures="以前服务过的居民打了几分", absence="没有评价的按 0.75 计，评价少的向它靠拢"
)
def rating(view: View, rows: Rows) -> Values:
    count = view.columns.rating_count[rows]
    return (view.columns.rating_sum[rows] + PRIOR_COUNT * PRIOR_RATING) / (count + PRIOR_COUNT)


@criterion(
    "acceptance",
    "接单意愿",
    weight=0.04,
    measures="以前派给他的单，他接了多少",
    absence="没有答复过派单的按 0.35 计，答复少的向它靠拢",
)
def acceptance(view: View, rows: Rows) -> Values:
    """How likely this provider says yes; what ran out unanswered counts as a no."""
    answered = view.columns.answered[rows]
    return (view.columns.accepted[rows] + PRIOR_ANSWERS * PRIOR_ACCEPTANCE) / (answered + PRIOR_ANSWERS)


@criterion("balance", "近期负担", weight=0.04, measures="近来接得少的排前面，免得总是那几个人", absence="近期没有接过单记 1")
def balance(view: View, rows: Rows) -> Values:
    """So that the same ten kind people do not get every call. As much recent work as one says one can hold at once gives a half:
    three orders tire a volunteer and not an institution."""
    return 1 / (1 + view.recent_work()[rows] / np.maximum(view.columns.capacity[rows], 1))


@criterion(
    "continuity",
    "服务过这位居民",
    weight=0.02,
    measures="服务过这位居民，居民满意",
    absence="没有服务过这位居民、或服务后没有评价的记 0.5",
)
def continuity(view: View, rows: Rows) -> Values:
    """Known and liked is best; known and not liked is worse than a stranger."""
    values = np.full(view.size, UNKNOWN)
    for served in view.query.known:
        values[view.columns.rows_of((served.provider,))] = float(served.content)
    return values[rows]


@criterion("party_member", "党员优先", weight=0.0, measures="党员排前面", absence="不是党员、或不是个人的记 0")
def party_member(view: View, rows: Rows) -> Values:
    return view.columns.party_member[rows].astype(np.float64)


def default_criteria() -> dict[str, float]:
    return {each.code: each.default_weight for each in CRITERIA.values()}
