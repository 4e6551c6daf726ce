"""What a plan is compared with: taking the best pair first, and serving whoever asked first."""

import numpy as np

from matcher.dispatch.plan.problem import Problem, Whole


def greedy(problem: Problem, given: Whole | None = None) -> Whole:
    """The best pair that still fits, again and again; `given` pairs are taken beforehand."""
    return _take(problem, np.argsort(-problem.score, kind="stable"), given)


def first_come(problem: Problem) -> Whole:
    """Each need in turn takes the best who are left. Needs are numbered in the order in which they were posted."""
    return _take(problem, np.lexsort((-problem.score, problem.need)), None)


def _take(problem: Problem, order: Whole, given: Whole | None) -> Whole:
    places, room = problem.places.tolist(), problem.room.tolist()
    served: dict[int, list[int]] = {}
    chosen: list[int] = []
    taken: set[int] = set()
    for pair in (*([] if given is None else given.tolist()), *order.tolist()):
        need, provider = int(problem.need[pair]), int(problem.provider[pair])
        others = served.setdefault(provider, [])
        if pair in taken or not places[need] or not room[provider] or any(problem.clash(need, other) for other in others):
            continue
        places[need] -= 1
        room[provider] -= 1
        others.append(need)
        taken.add(pair)
        chosen.append(pair)
    return np.sort(np.asarray(chosen, dtype=np.intp))
