"""Why a candidate stands where they stand, in one Chinese sentence made only of what the score was made of."""

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import term_number
from matcher.ranking.criteria import UNKNOWN
from matcher.ranking.query import View
from matcher.ranking.ranker import Candidate
from models.place import distance_words
from models.provider import CONCEPT
from models.vocabulary import Credential, label

# How many of the words that match are told.
MOST_WORDS = 2


def reason(candidate: Candidate, view: View, catalogue: Catalogue) -> str:
    parts = [
        _skill(candidate, view, catalogue),
        _text(candidate, view),
        _credential(candidate, view),
        _place(candidate, view),
        _hands(candidate, view),
        _time(candidate, view),
        _rating(candidate, view),
        _acceptance(candidate, view),
        _balance(candidate, view),
        _continuity(candidate),
        _party(candidate),
    ]
    return "，".join(part for part in parts if part) + "。"


def _skill(candidate: Candidate, view: View, catalogue: Catalogue) -> str:
    """The item that carries the match: done itself, or an item near to it."""
    best, own, other = 0.0, "", ""
    services = view.columns.services
    mine = services.owner == candidate.row
    can = np.zeros(catalogue.room)
    can[services["item"][mine]] = services["confidence"][mine]
    for service in view.query.services:
        place = catalogue.position[service.code]
        source = int(np.argmax(catalogue.credit[place] * can))
        worth = service.confidence * float(catalogue.credit[place, source] * can[source])
        if worth > best:
            best = worth
            own, other = catalogue.items[place].name, catalogue.items[source].name
    if not own:
        return "没有登记相关技能" if view.query.services else "没有听懂需要什么，先不看技能"
    return f"能做“{own}”" if own == other else f"会“{other}”，与“{own}”相近"


def _text(candidate: Candidate, view: View) -> str:
    """The heaviest of the need's words that the provider's own words hold; concepts of the lexicon have no words to show."""
    if not _weighs(candidate, "text"):
        return ""
    terms = view.columns.terms
    held = set(terms["number"][terms.owner == candidate.row].tolist())
    words = [term.word for term in view.query.terms if not term.word.startswith(CONCEPT) and term_number(term.word) in held]
    whole = [word for word in words if not any(word in other for other in words if other != word)]
    return f"资料里提到{'、'.join(f'“{word}”' for word in whole[:MOST_WORDS])}" if whole else ""


def _credential(candidate: Candidate, view: View) -> str:
    held = int(view.columns.credential[candidate.row])
    asked = view.query.credential_rank
    if not asked or held < asked:
        return ""
    own, wanted = (label(list(Credential)[rank]) for rank in (held, asked))
    return f"有{own}资格，符合要求" if held == asked else f"有{own}资格，高于要求的{wanted}"


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
    distance = f"相距 {distance_words(candidate.distance_km)}" if candidate.distance_km >= 0.1 else "就在附近"
    return f"{near}，{distance}" if near else distance


def _hands(candidate: Candidate, view: View) -> str:
    load, capacity = int(view.columns.load[candidate.row]), int(view.columns.capacity[candidate.row])
    return f"手上 {load} 单，还能接 {capacity - load} 单" if load else f"目前没有在手工单，能接 {capacity} 单"


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


def _acceptance(candidate: Candidate, view: View) -> str:
    answered = int(view.columns.answered[candidate.row])
    if not answered or not _weighs(candidate, "acceptance"):
        return ""
    return f"派给过 {answered} 单，接了 {int(view.columns.accepted[candidate.row])} 单"


def _balance(candidate: Candidate, view: View) -> str:
    recent = round(float(view.recent_work()[candidate.row]))
    return f"近来接过 {recent} 单左右" if recent and _weighs(candidate, "balance") else ""


def _continuity(candidate: Candidate) -> str:
    value = candidate.contributions["continuity"].value
    if value == UNKNOWN or not _weighs(candidate, "continuity"):
        return ""
    return "服务过这位居民，居民满意" if value > UNKNOWN else "服务过这位居民，居民不满意"


def _party(candidate: Candidate) -> str:
    return "党员" if candidate.contributions["party_member"].value > 0 and _weighs(candidate, "party_member") else ""


def _weighs(candidate: Candidate, code: str) -> bool:
    return candidate.contributions[code].weight > 0
