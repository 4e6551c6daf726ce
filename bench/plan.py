"""What a plan is worth beside taking the best pair first and serving who asked first, and how long it takes. By hand:

`python -m bench.plan`. Invented needs along a street of providers, the fifty best pairs each, one seed; a third of the time runs with
hours, and once demand is three times supply. And what it takes to rank the input of a plan: the fifty best for a thousand needs.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.machine import machine
from bench.province import default_weights, make_columns, make_queries
from bench.timing import timed
from matcher.catalogue import Catalogue
from matcher.dispatch.plan.greedy import first_come, greedy
from matcher.dispatch.plan.problem import Problem, Values
from matcher.dispatch.plan.solve import solve
from matcher.ranking.ranker import prepare, rank
from seed.sources import catalogue_items

RESULTS = Path(__file__).parent / "results" / "plan.txt"
PAIRS = 50
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Case:
    label: str
    needs: int
    providers: int
    most_places: int = 1
    timed: bool = False


CASES = (
    Case("一人一单", 1_000, 10_000),
    Case("一人一单", 5_000, 50_000),
    Case("需求是人手的三倍", 3_000, 500),
    Case("约了时间", 1_000, 10_000, timed=True),
    Case("要一到三人", 1_000, 10_000, most_places=3),
    Case("要一到三人，约了时间，人手不足", 1_000, 300, most_places=3, timed=True),
)


def made(case: Case, dice: np.random.Generator) -> Problem:
    home = np.arange(case.needs) * case.providers // case.needs
    near = np.stack([dice.choice(min(case.providers, 4 * PAIRS), PAIRS, replace=False) for _ in range(case.needs)])
    start: Values = (dice.integers(0, 60, case.needs) if case.timed else np.full(case.needs, np.nan)).astype(np.float64) * HOUR
    # Skill counts for most, distance for the rest: near ones are worth more, as in a ranking.
    score = 0.2 + 0.6 * dice.random(near.shape) + 0.2 * np.exp(-near / PAIRS)
    return Problem(
        places=dice.integers(1, case.most_places + 1, case.needs),
        room=dice.integers(1, 4, case.providers)
        if case.most_places > 1 or case.timed
        else np.ones(case.providers, dtype=np.intp),
        start=start,
        end=start + 2 * HOUR,
        need=np.repeat(np.arange(case.needs), PAIRS),
        provider=((home[:, None] + near) % case.providers).ravel(),
        score=np.round(score, 6).ravel(),
    )


def ranked(needs: int = 1_000, providers: int = 50_000) -> str:
    catalogue = Catalogue(catalogue_items())
    columns = make_columns(providers, catalogue)
    prepare(columns)
    queries, weights = make_queries(columns, catalogue, needs), default_weights()
    took = timed(lambda query: rank(query, columns, catalogue, weights, PAIRS), queries)
    return (
        f"输入：{needs} 条需求在 {providers} 个承接方中各取前 {PAIRS} 名，处理器 {took.total_seconds:.1f} 秒（钟表 {took.wall_seconds:.1f} 秒）\n"
        f"{machine()}"
    )


def main() -> None:
    table = Table(
        "情形", "需求×承接方", "秒", "总分", "比逐个挑最高分", "比先到先得", "与最优至多差", title="统筹，每条需求前 50 名候选"
    )
    dice = np.random.default_rng(20261122)
    for case in CASES:
        problem = made(case, dice)
        started = time.perf_counter()
        solution = solve(problem)
        seconds = time.perf_counter() - started
        simple = [problem.total(way(problem)) for way in (greedy, first_come)]
        table.add_row(
            case.label,
            f"{case.needs}×{case.providers}",
            f"{seconds:.2f}",
            f"{solution.total:.1f}",
            *(f"+{solution.total / total - 1:.2%}" for total in simple),
            f"{solution.gap:.4%}",
        )
    console = Console(width=110, record=True)
    console.print(table)
    console.print(ranked(), highlight=False)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(console.export_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
