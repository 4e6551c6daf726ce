"""为什么: where one provider stands for a need, and what would change it; and the nearest miss of each rule."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.eligibility import RULES, Rule, all_broken, sole_misses
from matcher.ranking.query import Query, View
from matcher.ranking.ranker import Candidate, eligible_rows, score_rows
from matcher.ranking.scoring import rounded_km, score_of
from matcher.ranking.traits import missing_traits
from models.account import ProviderRef
from models.place import distance_words
from models.schedule import LOCAL, Window
from models.vocabulary import Credential, label
from models.weights import Weights

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Standing:
    """`place` counts from 1 among `eligible`; None for who fell to a rule. `lacking` says what each broken rule misses.

    `view` holds this provider alone.
    """

    candidate: Candidate
    place: int | None
    eligible: int
    lacking: Mapping[str, str]
    view: View


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """The best of those whom this one rule keeps out."""

    ref: ProviderRef
    name: str
    lacking: str


def standing_of(ref: ProviderRef, query: Query, columns: Columns, catalogue: Catalogue, weights: Weights) -> Standing | None:
    """None when there is no such provider. Costs the scoring of everyone in reach of the need."""
    row = columns.row_of.get(ref)
    if row is None:
        return None
    alone = View(query, columns, catalogue, np.asarray([row]))
    candidate = score_rows(alone, np.asarray([0]), weights, 1)[0]
    broken = all_broken(alone, 0)
    rows = eligible_rows(query, columns, catalogue)
    place = None if broken else _place_of(row, View(query, columns, catalogue, rows), weights)
    return Standing(candidate, place, len(rows), {rule.code: lacking(rule, alone, 0) for rule in broken}, alone)


def _place_of(row: int, view: View, weights: Weights) -> int:
    """One more than those who come before, by score, distance and id."""
    rows = np.arange(view.size)
    score, distance = score_of(view, rows, weights), rounded_km(view, rows)
    own = int(np.flatnonzero(view.columns.whole == row)[0])
    better = (score > score[own]) | ((score == score[own]) & (distance < distance[own]))
    level = np.flatnonzero((score == score[own]) & (distance == distance[own]))
    by_id = level[np.lexsort(view.columns.id_order(level))]
    return int(np.count_nonzero(better)) + int(np.flatnonzero(by_id == own)[0]) + 1


def nearest_misses(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights) -> dict[str, NearestMiss]:
    view = View(query, columns, catalogue)
    found = {}
    for code, rows in sole_misses(view).items():
        missing = view.only(rows)
        best = score_rows(missing, np.arange(len(rows)), weights, 1)[0]
        found[code] = NearestMiss(best.ref, best.name, lacking(RULES[code], missing, best.row))
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
        return f"还差：相距 {distance_words(distance)}，超出能到的 {reach:g} 公里"
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
