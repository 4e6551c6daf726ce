"""A plan is worth as much as any plan can be: held against every possible one in small cases."""

from itertools import product

import numpy as np
import pytest

from matcher.dispatch.plan.greedy import first_come, greedy
from matcher.dispatch.plan.problem import Problem, Whole
from matcher.dispatch.plan.solve import solve


def made(dice: np.random.Generator, *, timed: bool) -> Problem:
    needs, providers = int(dice.integers(1, 5)), int(dice.integers(1, 5))
    pairs = [(need, provider) for need, provider in product(range(needs), range(providers)) if dice.random() < 0.7][:10]
    start = np.where(dice.random(needs) < 0.75, dice.integers(0, 5, needs) * 10.0, np.nan) if timed else np.full(needs, np.nan)
    return Problem(
        places=dice.integers(1, 4, needs),
        room=dice.integers(0, 4, providers),
        start=start,
        end=start + dice.integers(5, 25, needs),
        need=np.asarray([need for need, _ in pairs], dtype=np.intp),
        provider=np.asarray([provider for _, provider in pairs], dtype=np.intp),
        # Few different scores, so that plans tie.
        score=dice.integers(1, 8, len(pairs)) / 8,
    )


def allowed(problem: Problem, chosen: Whole) -> bool:
    need, provider = problem.need[chosen], problem.provider[chosen]
    if (np.bincount(need, minlength=len(problem.places)) > problem.places).any():
        return False
    if (np.bincount(provider, minlength=len(problem.room)) > problem.room).any():
        return False
    return not any(
        provider[one] == provider[other] and problem.clash(need[one], need[other])
        for one in range(len(chosen))
        for other in range(one)
    )


def best_of_all(problem: Problem) -> float:
    count = len(problem.score)
    return max(
        problem.total(chosen)
        for picks in product((False, True), repeat=count)
        if allowed(problem, chosen := np.flatnonzero(np.asarray(picks, dtype=np.bool_)))
    )


@pytest.mark.parametrize("timed", [False, True], ids=["without times", "with times"])
def test_no_plan_is_worth_more_than_the_one_proposed(timed: bool) -> None:
    dice = np.random.default_rng(20261122)
    proven = 0
    for _ in range(200):
        problem = made(dice, timed=timed)
        solution, best = solve(problem), best_of_all(problem)
        assert allowed(problem, solution.chosen)
        assert solution.bound >= best - 1e-9
        assert solution.total >= problem.total(greedy(problem)) - 1e-9
        if solution.optimal:
            proven += 1
            assert solution.total == pytest.approx(best)
    assert proven == 200 if not timed else proven > 190


def test_greedy_and_first_come_keep_within_room_places_and_time() -> None:
    dice = np.random.default_rng(7)
    for _ in range(100):
        problem = made(dice, timed=True)
        assert allowed(problem, greedy(problem))
        assert allowed(problem, first_come(problem))


def test_the_only_plumber_is_kept_for_the_need_that_has_no_one_else() -> None:
    """Greedy gives the plumber to the first need, which a neighbour could have met almost as well."""
    problem = Problem(
        places=np.asarray([1, 1]),
        room=np.asarray([1, 1]),
        start=np.full(2, np.nan),
        end=np.full(2, np.nan),
        need=np.asarray([0, 0, 1]),
        provider=np.asarray([0, 1, 0]),
        score=np.asarray([0.9, 0.8, 0.85]),
    )
    assert greedy(problem).tolist() == [0]
    assert solve(problem).chosen.tolist() == [1, 2]


def test_nobody_is_planned_to_be_at_two_places_at_one_time() -> None:
    problem = Problem(
        places=np.asarray([1, 1]),
        room=np.asarray([5]),
        start=np.asarray([0.0, 30.0]),
        end=np.asarray([60.0, 90.0]),
        need=np.asarray([0, 1]),
        provider=np.asarray([0, 0]),
        score=np.asarray([0.5, 0.6]),
    )
    assert solve(problem).chosen.tolist() == [1]


def test_nobody_fills_two_places_of_one_need() -> None:
    problem = Problem(
        places=np.asarray([3]),
        room=np.asarray([5, 5]),
        start=np.full(1, np.nan),
        end=np.full(1, np.nan),
        need=np.asarray([0, 0]),
        provider=np.asarray([0, 1]),
        score=np.asarray([0.5, 0.6]),
    )
    assert solve(problem).chosen.tolist() == [0, 1]
    assert solve(problem).optimal
