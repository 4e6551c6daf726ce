"""硬条件: the hard rules. Who falls to one is not a candidate, whatever their score; they are counted under the first they fall to."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import KIND_PLACE, Mask, Rows, epoch_minute
from matcher.ranking.query import View
from matcher.ranking.traits import traits_asked
from models.budget import PASSING_URGENCY, day_number, monday_of
from models.vocabulary import ProviderKind

# Being there for less is no help: half an hour, or the whole window if that is shorter.
MIN_OVERLAP_MINUTES = 30
# Below this a match of words is chance: such a provider has no skill for the need.
MIN_SKILL = 0.03
# Digits of the region that is small enough to go anywhere in it: a street.
NEIGHBOURS = 9


@dataclass(frozen=True, slots=True)
class Rule:
    """`passes` gives, for every row, whether the provider meets the condition."""

    code: str
    label: str
    passes: Callable[[View], Mask]


RULES: dict[str, Rule] = {}


def rule(code: str, label: str) -> Callable[[Callable[[View], Mask]], Callable[[View], Mask]]:
    def register(passes: Callable[[View], Mask]) -> Callable[[View], Mask]:
        RULES[code] = Rule(code, label, passes)
        return passes

    return register


@rule("area", "不在服务范围内")
def in_service_area(view: View) -> Mask:
    """Within reach, in the same street, or an organisation that serves the region."""
    near = view.distance_km() <= view.columns.reach_km  # never true of a distance that is not known
    reaching = view.columns.reach_km >= 0
    mask = np.asarray(near | (reaching & view.same_region(NEIGHBOURS)), dtype=np.bool_)
    mask[view.columns.serving(view.query.region)] = True
    return mask


@rule("active", "已停用")
def active(view: View) -> Mask:
    return view.columns.active


@rule("away", "那时外出")
def not_away(view: View) -> Mask:
    moment = view.query.moment
    minute, columns = epoch_minute(moment), view.columns
    gone = (columns.away_from <= minute) & (minute < columns.away_to)
    return np.asarray(~gone, dtype=np.bool_)


@rule("kind", "这类承接方不能承接此事项")
def kind(view: View) -> Mask:
    return view.of_kinds(view.query.kinds)


@rule("resident", "是点单人本人")
def not_the_resident(view: View) -> Mask:
    return view.not_person(view.query.resident_phone)


@rule("declined", "已拒绝过这一单")
def has_not_declined(view: View) -> Mask:
    return view.without(view.query.declined)


@rule("asked", "已派过这一单")
def not_asked_already(view: View) -> Mask:
    return view.without(view.query.asked)


@rule("credential", "缺少要求的职业资格")
def holds_credential(view: View) -> Mask:
    """Asked of social workers only: for the other kinds the catalogue says whether they may serve at all."""
    is_social_worker = view.columns.kind == KIND_PLACE[ProviderKind.SOCIAL_WORKER]
    return np.asarray(~is_social_worker | (view.columns.credential >= view.query.credential_rank), dtype=np.bool_)


@rule("constraint", "不符合特别要求")
def meets_constraints(view: View) -> Mask:
    """Each wish must be known to be met: of who has not said it, nobody can promise it to the resident."""
    asked = traits_asked(view.query.constraints)
    return np.asarray((view.columns.traits & asked) == asked, dtype=np.bool_)


@rule("skill", "没有相关技能")
def has_skill(view: View) -> Mask:
    """A need of which nothing was understood asks nobody's skill: then people decide."""
    if not view.query.services:
        return np.ones(view.size, dtype=np.bool_)
    return np.asarray(view.skill() >= MIN_SKILL, dtype=np.bool_)


@rule("available", "在所需时段没有空")
def available(view: View) -> Mask:
    """Who has told no hours is asked: only those who told hours that miss the window are left out."""
    window = view.query.window
    if window is None:
        return np.ones(view.size, dtype=np.bool_)
    overlap = view.overlap_minutes()
    return np.asarray(np.isnan(overlap) | (overlap >= min(MIN_OVERLAP_MINUTES, window.minutes)), dtype=np.bool_)


@rule("capacity", "承接量已满")
def has_capacity(view: View) -> Mask:
    return np.asarray(view.columns.load < view.columns.capacity, dtype=np.bool_)


@rule("budget", "近期派单已达本人上限")
def within_budget(view: View) -> Mask:
    """Offers of the day and of the week; life and property may pass."""
    at = view.query.at
    if view.query.urgency >= PASSING_URGENCY:
        return np.ones(view.size, dtype=np.bool_)
    columns, day = view.columns, day_number(at)
    asked_day = columns.asked_day
    full_day = (asked_day == day) & (columns.asked_today >= columns.daily)
    full_week = (asked_day - (asked_day - 1) % 7 == monday_of(day)) & (columns.asked_week >= columns.weekly)
    never = (columns.daily == 0) | (columns.weekly == 0)
    return np.asarray(~(full_day | full_week | never), dtype=np.bool_)


def sift(view: View) -> tuple[Rows, dict[str, int]]:
    """The rows that pass every rule, and how many fell to each. Each rule looks only at those whom the rules before it left."""
    left = view.live_rows()
    excluded: dict[str, int] = {}
    looked_at = view if len(left) == view.size else view.only(left)
    for each in RULES.values():
        passes = each.passes(looked_at)
        fallen = len(left) - int(np.count_nonzero(passes))
        if fallen:
            excluded[each.code] = fallen
            left, looked_at = left[passes], looked_at.only(np.flatnonzero(passes))
    return left, excluded


def first_broken(view: View, row: int) -> Rule | None:
    """The rule that excludes this one provider, if any."""
    broken = all_broken(view, row)
    return broken[0] if broken else None


def all_broken(view: View, row: int) -> list[Rule]:
    alone = view.only(np.asarray([row]))
    return [each for each in RULES.values() if not each.passes(alone)[0]]


def sole_misses(view: View) -> dict[str, Rows]:
    """For each rule, the rows that fall to it and to no other: who would be eligible if only this were otherwise."""
    left = view.live_rows()
    looked_at, fallen = view.only(left), np.full(len(left), "", dtype=object)
    for code, each in RULES.items():
        falls = ~each.passes(looked_at)
        once = ~falls | (fallen == "")
        fallen[falls] = code
        if not once.all():
            left, fallen, looked_at = left[once], fallen[once], looked_at.only(np.flatnonzero(once))
    return {code: left[places] for code in RULES if len(places := np.flatnonzero(fallen == code))}
