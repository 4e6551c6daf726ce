"""For each criterion the most that any row of a block can have of it; for each rule whether any row of a block may pass it.

What has no entry here promises everything (1.0, or that somebody passes): then it is exact still, and only slower.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from matcher.ranking.blocks.outlook import Outlook
from matcher.ranking.blocks.sketch import LAST_BITS, STEADY
from matcher.ranking.columns import KIND_PLACE, Columns, Mask, Rows, Values
from matcher.ranking.criteria import DECAY_KM, DISTANCE_PART, ENOUGH_MINUTES, SHARED_REGION, UNKNOWN
from matcher.ranking.eligibility import MIN_OVERLAP_MINUTES, MIN_SKILL, NEIGHBOURS
from matcher.ranking.query import Query, recent_work
from matcher.ranking.scoring import points_of

Bound = Callable[[Outlook], Values]
Hope = Callable[[Outlook], Mask]
BOUNDS: dict[str, Bound] = {}
HOPES: dict[str, Hope] = {}


def bound(code: str) -> Callable[[Bound], Bound]:
    def register(most: Bound) -> Bound:
        BOUNDS[code] = most
        return most

    return register


def hope(code: str) -> Callable[[Hope], Hope]:
    def register(may_pass: Hope) -> Hope:
        HOPES[code] = may_pass
        return may_pass

    return register


def bound_of(code: str, outlook: Outlook) -> Values:
    if code in STEADY:
        return outlook.figure(code) + LAST_BITS
    most = BOUNDS.get(code)
    return np.ones(outlook.size) if most is None else most(outlook) + LAST_BITS


def may_pass(outlook: Outlook, known: Collection[str] = ()) -> Mask:
    """Where somebody may pass every rule, but for those that are `known`."""
    passing = np.ones(outlook.size, dtype=np.bool_)
    for code, may in HOPES.items():
        if code not in known:
            passing &= may(outlook)
    return passing


def exceptions(query: Query, columns: Columns) -> Rows:
    """Rows for which the bounds do not speak: organisations serve the regions they named, however far these are; and who served the
    resident before."""
    known = columns.rows_of(served.provider for served in query.known)
    return np.concatenate([columns.serving(query.region), known])


@bound("skill")
def skill(outlook: Outlook) -> Values:
    return outlook.skill


@bound("location")
def location(outlook: Outlook) -> Values:
    belonging, shared = np.zeros(outlook.size), np.ones(outlook.size, dtype=np.bool_)
    for digits, value in sorted(SHARED_REGION.items()):
        # Who shares a region shares all those around it.
        shared &= outlook.shares_region(digits)
        belonging[shared] = value
    return DISTANCE_PART * np.exp(-outlook.nearest_km / DECAY_KM) + (1 - DISTANCE_PART) * belonging


@bound("availability")
def availability(outlook: Outlook) -> Values:
    window = outlook.query.window
    if window is None:
        return np.full(outlook.size, UNKNOWN)
    enough = min(ENOUGH_MINUTES, window.minutes)
    free = np.minimum(1.0, outlook.free_minutes(enough) / enough)
    return np.where(outlook.figure("some_without_hours"), np.maximum(UNKNOWN, free), free)


@bound("text")
def text(outlook: Outlook) -> Values:
    """Worked out for each row before it is looked at; here only whether there is anything to compare."""
    return np.full(outlook.size, float(bool(outlook.query.terms)))


@bound("balance")
def balance(outlook: Outlook) -> Values:
    """As if who worked least were also the one who can hold most."""
    work = recent_work(outlook.figure("work_least"), outlook.query.at)
    return np.asarray(1 / (1 + work / np.maximum(outlook.figure("holds_most").astype(np.float64), 1)))


@bound("continuity")
def continuity(outlook: Outlook) -> Values:
    """Those who served this resident are among the `exceptions`."""
    return np.full(outlook.size, UNKNOWN)


@hope("area")
def area(outlook: Outlook) -> Mask:
    """Not for who named regions: see `exceptions`."""
    reach = outlook.figure("reach_km")
    return np.asarray((reach >= 0) & ((outlook.nearest_km <= reach) | outlook.shares_region(NEIGHBOURS)), dtype=np.bool_)


@hope("active")
def active(outlook: Outlook) -> Mask:
    return outlook.figure("active")


@hope("kind")
def kind(outlook: Outlook) -> Mask:
    wanted = sum(1 << KIND_PLACE[each] for each in outlook.query.kinds)
    return np.asarray(outlook.figure("kinds") & np.uint8(wanted) > 0, dtype=np.bool_)


@hope("skill")
def has_skill(outlook: Outlook) -> Mask:
    if not outlook.query.services:
        return np.ones(outlook.size, dtype=np.bool_)
    return np.asarray(outlook.skill + LAST_BITS >= MIN_SKILL, dtype=np.bool_)


@hope("available")
def available(outlook: Outlook) -> Mask:
    window = outlook.query.window
    if window is None:
        return np.ones(outlook.size, dtype=np.bool_)
    least = min(MIN_OVERLAP_MINUTES, window.minutes)
    return np.asarray(outlook.figure("some_without_hours") | (outlook.free_minutes(least) >= least), dtype=np.bool_)


@hope("capacity")
def has_capacity(outlook: Outlook) -> Mask:
    return np.asarray(outlook.figure("capacity") > 0, dtype=np.bool_)


def most_points(outlook: Outlook, shares: Mapping[str, float], known: Collection[str] = ()) -> Values:
    """The most points that any row of each block can get, but for the criteria that are `known`.

    Rounded step by step as points are: so it is never less than what a row gets, and equal where all rows are alike.
    """
    most = outlook.sketch.steady(shares).take(outlook.blocks)
    for code, share in shares.items():
        if share and code not in known and code not in STEADY:
            most += points_of(share, bound_of(code, outlook))
    return most
