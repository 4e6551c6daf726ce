"""The ranking as an answer."""

from api.views.shared import View
from matcher.dispatch.ranking_desk import CandidateList, ExplainedCandidate, ExplainedStanding
from matcher.ranking.eligibility import RULES


def candidate_view(each: ExplainedCandidate) -> View:
    return {
        "provider": {"kind": each.ref.kind, "id": each.ref.id, "name": each.name},
        "score": each.score,
        "contributions": {
            code: {"value": part.value, "weight": part.weight, "points": part.points} for code, part in each.contributions.items()
        },
        "distance_km": each.distance_km,
        "reason": each.reason,
    }


def standing_view(why: ExplainedStanding | None) -> View | None:
    if why is None:
        return None
    instead = why.substitute.candidate if why.substitute else None
    return {
        **candidate_view(why.candidate),
        "place": why.place,
        "lacking": dict(why.lacking),
        "substitute": {"kind": instead.ref.kind, "id": instead.ref.id, "name": instead.name} if instead else None,
    }


def candidates_view(found: CandidateList) -> View:
    return {
        "why": standing_view(found.why),
        "nearest_misses": {
            rule: {"provider": {"kind": miss.ref.kind, "id": miss.ref.id, "name": miss.name}, "lacking": miss.lacking}
            for rule, miss in found.nearest_misses.items()
        },
        "candidates": [candidate_view(each) for each in found.candidates],
        "eligible": found.eligible,
        "excluded": dict(found.excluded),
        "excluded_labels": {code: RULES[code].label for code in found.excluded},
        "weights": {"name": found.weights.name, "version": found.weights.version},
    }
