"""What ours is compared with. All face the same hard rules and the same timers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.simulate.behaviour import Behaviour
from bench.simulate.dice import Purpose, uniform
from bench.simulate.policies import Choice, Pace, Policy, Situation, expected, paced
from matcher.ranking.columns import Rows, Values
from matcher.ranking.eligibility import sift


def one(at: Situation, rows: Rows) -> tuple[int, float | None]:
    return 1, None


def everybody(at: Situation, rows: Rows) -> tuple[int, float | None]:
    return len(rows), None


@dataclass(slots=True)
class Peer:
    """Eligible people in an order of its own; `pace` says how many of them at once and when to ask on."""

    name: str
    order: Callable[[Situation, Rows], Rows]
    pace: Pace

    def choose(self, at: Situation) -> Choice:
        rows = self.order(at, sift(at.view)[0])
        count, gap = self.pace(at, rows)
        return Choice(rows[:count], gap)

    def new_week(self, week: int) -> None:
        return None


def nearest(at: Situation, rows: Rows) -> Rows:
    return rows[np.lexsort((rows, np.nan_to_num(at.view.distance_km()[rows], nan=np.inf)))]


def shuffled(at: Situation, rows: Rows) -> Rows:
    return rows[np.argsort(uniform(at.seed, at.need.number, rows, Purpose.SHUFFLE))]


class Turns:
    """Round-robin: whoever was asked longest ago."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._turn = 0

    def order(self, at: Situation, rows: Rows) -> Rows:
        ordered = np.asarray(sorted(rows.tolist(), key=lambda row: (self._last.get(row, -1), row)), dtype=np.intp)
        for row in ordered[:1].tolist():
            self._turn += 1
            self._last[row] = self._turn
        return ordered


def peers() -> list[Policy]:
    return [
        Peer("nearest", nearest, one),
        Peer("random", shuffled, one),
        Peer("round_robin", Turns().order, one),
        Peer("broadcast", nearest, everybody),
        Peer("nearest_batches", nearest, expected),
    ]


def oracle(behaviour: Behaviour) -> Policy:
    """Knows the hidden chances: the likeliest first, batches by the true chances."""

    def chances(at: Situation, rows: Rows) -> Values:
        return behaviour.chance(at.view, rows, at.minute, at.tired)

    return Peer(
        "oracle",
        lambda at, rows: rows[np.argsort(-chances(at, rows), kind="stable")],
        lambda at, rows: paced(at, rows, lambda rows: chances(at, rows)),
    )
