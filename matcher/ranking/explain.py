"""Why a candidate stands where they stand, in one Chinese sentence made only of what the score was made of."""

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.query import View
from matcher.ranking.ranker import Candidate


def reason(candidate: Candidate, view: View, catalogue: Catalogue) -> str:
    parts = [
        _skill(candidate, view, catalogue),
        _place(candidate, view),
        _hands(candidate, view),
        _time(candidate, view),
        _rating(candidate, view),
        _party(candidate),
    ]
    return "，".join(part for part in parts if part) + "。"


def _skill(candidate: Candidate, view: View, catalogue: Catalogue) -> str:
    """The item that carries the match: done itself, or an item near to it."""
    best, own, other = 0.0, "", ""
    for service in view.query.services:
        place = catalogue.position[service.code]
        can = view.columns.can[:, candidate.row]
        worth = service.confidence * float(view.columns.reach[place, candidate.row])
        if worth > best:
            best = worth
            source = int(np.argmax(catalogue.credit[place] * can))
            own, other = catalogue.items[place].name, catalogue.items[source].name
    if not own:
        return "没有登记相关技能" if view.query.services else "没有听懂需要什么，先不看技能"
    return f"能做“{own}”" if own == other else f"会“{other}”，与“{own}”相近"


def _place(candidate: Candidate, view: View) -> str:
    near = next(
        (
            word
            for digits, word in ((15, "同一网格"), (12, "同一社区"), (9, "同一街道"))
            if view.same_region(digits)[candidate.row]
        ),
        "",
    )
    if candidate.distance_km is None:
        return near
    distance = f"相距 {candidate.distance_km:.1f} 公里" if candidate.distance_km >= 0.1 else "就在附近"
    return f"{near}，{distance}" if near else distance


def _hands(candidate: Candidate, view: View) -> str:
    load, capacity = int(view.columns.load[candidate.row]), int(view.columns.capacity[candidate.row])
    return f"手上 {load} 单，还能接 {capacity - load} 单" if load else f"目前没有在手工单，可接 {capacity} 单"


def _time(candidate: Candidate, view: View) -> str:
    overlap = float(view.overlap_minutes()[candidate.row])
    if view.query.window is None:
        return ""
    if np.isnan(overlap):
        return "没有登记空闲时间，需要先问"
    return "所需时段都有空" if overlap >= view.query.window.minutes else f"所需时段内有 {round(overlap / 60, 1):g} 小时有空"


def _rating(candidate: Candidate, view: View) -> str:
    count = int(view.columns.rating_count[candidate.row])
    if not count:
        return "还没有居民评价"
    return f"{count} 次评价，平均 {1 + 4 * float(view.columns.rating_sum[candidate.row]) / count:.1f} 分"


def _party(candidate: Candidate) -> str:
    contribution = candidate.contributions["party_member"]
    return "党员" if contribution.weight > 0 and contribution.value > 0 else ""
