"""为什么: where one provider stands for a need, and what would change it; and the nearest miss of each rule."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.eligibility import RULES, Rule, all_broken, sole_misses
from matcher.ranking.query import Query, View
from matcher.ranking.ranker import Candidate, rank, score_rows
from matcher.ranking.traits import missing_traits
from models.account import ProviderRef
from models.schedule import LOCAL, Window
from models.vocabulary import Credential, label
from models.weights import Weights

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Standing:
    """`place` counts from 1 among `eligible`; None for who fell to a rule. `lacking` says what each broken rule misses."""

    candidate: Candidate
    place: int | None
    eligible: int
    lacking: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """The best of those whom this one rule keeps out."""

    ref: ProviderRef
    name: str
    lacking: str


def standing_of(ref: ProviderRef, query: Query, columns: Columns, catalogue: Catalogue, weights: Weights) -> Standing | None:
    """None when there is no such provider. Costs a ranking of everyone."""
    row = columns.row_of.get(ref)
    if row is None:
        return None
    view = View(query, columns, catalogue)
    candidate = score_rows(view, np.asarray([row]), weights, 1)[0]
    broken = all_broken(view, row)
    ranking = rank(query, columns, catalogue, weights, columns.size)
    place = next((place for place, each in enumerate(ranking.candidates, 1) if each.ref == ref), None)
    return Standing(candidate, place, ranking.eligible, {rule.code: lacking(rule, view, row) for rule in broken})


def nearest_misses(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights) -> dict[str, NearestMiss]:
    view = View(query, columns, catalogue)
    found = {}
    for code, rows in sole_misses(view).items():
        best = score_rows(view, rows, weights, 1)[0]
        found[code] = NearestMiss(best.ref, best.name, lacking(RULES[code], view, best.row))
    return found


def lacking(rule: Rule, view: View, row: int) -> str:
    """What would have to be otherwise, in the words of the facts."""
    columns, query = view.columns, view.query
    if rule.code == "area":
        distance, reach = float(view.distance_km()[row]), float(columns.reach_km[row])
        if reach < 0:
            return "还差：没有登记服务这个区划"
        if np.isnan(distance):
            return "还差：不知道距离，又不在同一街道"
        return f"还差：相距 {distance:.1f} 公里，超出能到的 {reach:g} 公里"
    if rule.code == "available" and query.window is not None:
        return f"还差：{said(query.window)}没有空"
    if rule.code == "capacity":
        return f"还差：手上 {int(columns.load[row])} 单，上限 {int(columns.capacity[row])} 单，已满"
    if rule.code == "skill":
        first = view.catalogue.name_of(query.services[0].code)
        return f"还差：没有与“{first}”相关的技能"
    if rule.code == "constraint":
        return f"还差：需要{'、'.join(missing_traits(query.constraints, int(columns.traits[row])))}"
    if rule.code == "credential":
        return f"还差：需要{label(list(Credential)[query.credential_rank])}以上资格"
    if rule.code == "budget":
        daily, weekly = int(columns.daily[row]), int(columns.weekly[row])
        return f"还差：一天最多 {daily} 次、一周最多 {weekly} 次派单，已经到了"
    return f"还差：{rule.label}"


def said(window: Window) -> str:
    """A window as people say it."""
    start, end = window.from_at.astimezone(LOCAL), window.to_at.astimezone(LOCAL)
    day = f"{start.month}月{start.day}日（周{WEEKDAYS[start.weekday()]}）"
    if start.date() == end.date():
        return f"{day}{start:%H:%M} 到 {end:%H:%M}"
    return f"{day}{start:%H:%M} 到 {end.month}月{end.day}日 {end:%H:%M}"
