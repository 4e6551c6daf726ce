"""What a reckoned plan says: the offers it would make, the places that stay empty and why, and what it is worth beside simpler ways."""

from dataclasses import dataclass

import numpy as np

from matcher.dispatch.plan.gather import Ranked
from matcher.dispatch.plan.greedy import first_come, greedy
from matcher.dispatch.plan.problem import Problem, Whole
from matcher.dispatch.plan.solve import solve
from models.plan import PlannedOffer, Unmet, UnmetNeed, Worth
from models.provider import ProviderSummary


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`chosen` are pairs of the problem."""

    chosen: Whole
    worth: Worth


def reckon(problem: Problem) -> Reckoned:
    solution = solve(problem)
    worth = Worth(
        total=round(solution.total, 6),
        bound=round(solution.bound, 6),
        greedy=round(problem.total(greedy(problem)), 6),
        first_come=round(problem.total(first_come(problem)), 6),
    )
    return Reckoned(solution.chosen, worth)


def planned_offers(ranked: list[Ranked], problem: Problem, chosen: Whole) -> tuple[PlannedOffer, ...]:
    """By need, the best first. A pair's place among its need's candidates is its place after the need's first pair."""
    first = np.searchsorted(problem.need, np.arange(len(ranked)))
    offers = []
    for pair in chosen.tolist():
        one = ranked[problem.need[pair]]
        candidate = one.candidates[pair - first[problem.need[pair]]]
        provider = ProviderSummary(candidate.ref.kind, candidate.ref.id, candidate.name)
        offers.append(PlannedOffer(one.need.id, provider, candidate.score, candidate.distance_km))
    return tuple(offers)


def unmet_needs(ranked: list[Ranked], problem: Problem, chosen: Whole) -> tuple[UnmetNeed, ...]:
    filled = np.bincount(problem.need[chosen], minlength=len(ranked))
    return tuple(
        UnmetNeed(
            one.need.id,
            int(lacking),
            Unmet.ALL_TAKEN if one.candidates else Unmet.NOBODY_FREE if one.eligible else Unmet.NOBODY_ELIGIBLE,
            one.eligible,
            one.excluded,
        )
        for one, lacking in zip(ranked, (problem.places - filled).tolist(), strict=True)
        if lacking
    )
