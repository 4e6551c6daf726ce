"""Whom to ask now: what every policy is asked, and ours: the ranking, with as many at once as time and acceptance ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from bench.simulate.behaviour import Tiredness
from bench.simulate.city import SimNeed
from bench.simulate.clock import OFFER_MINUTES, moment
from bench.simulate.pace import fair_order, next_step
from matcher.ranking.columns import Rows, Values
from matcher.ranking.criteria import CRITERIA, default_criteria
from matcher.ranking.eligibility import sift
from matcher.ranking.query import View
from matcher.ranking.ranker import score_rows
from models.weights import Weights

# So many of the ranking are looked at for a batch; and kept of a decision while there is something to learn.
LOOKED_AT, KEPT = 16, 30


@dataclass(slots=True)
class Situation:
    """`left`: the minutes before the deadline in which people may be asked; `pending` has not answered yet;
    `logs`: the decision will be learned from."""

    seed: int
    need: SimNeed
    minute: float
    left: float
    view: View
    tired: Tiredness
    pending: Rows
    logs: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`rows` are asked, in this order; after `gap` minutes others are asked too, None: only when all have answered.

    `kept` are the best by the ranking with their `values`, for learning; empty for peers.
    """

    rows: Rows
    gap: float | None
    kept: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    values: Values = field(default_factory=lambda: np.zeros((0, 0)))


Pace = Callable[[Situation, Rows], tuple[int, float | None]]


class Policy(Protocol):
    name: str

    def choose(self, at: Situation) -> Choice: ...

    def new_week(self, week: int) -> None: ...


def expected(at: Situation, rows: Rows) -> tuple[int, float | None]:
    """By what each has answered so far."""
    return paced(at, rows, lambda rows: CRITERIA["acceptance"].measure(at.view, rows))


def paced(at: Situation, rows: Rows, chances: Callable[[Rows], Values]) -> tuple[int, float | None]:
    asked, waiting = chances(rows[:LOOKED_AT]).tolist(), chances(at.pending).tolist()
    return next_step(asked, waiting, at.left, OFFER_MINUTES[at.need.urgency])


def weights_of(shares: Sequence[float]) -> Weights:
    return Weights("simulated", 1, dict(zip(CRITERIA, shares, strict=True)), moment(0), "simulation")


def default_shares() -> Values:
    shares = np.asarray(list(default_criteria().values()))
    return np.asarray(shares / shares.sum())


@dataclass(slots=True)
class Ranked:
    """Ours: down the ranking, as many at once as the expected acceptance and the time left ask for. `switch` gives other weights
    from the week that it names. `places_an_order` above 0 shares the work: see `fair_order`."""

    name: str
    weights: Weights = field(default_factory=lambda: weights_of(default_shares().tolist()))
    pace: Pace = expected
    switch: tuple[int, Weights] | None = None
    places_an_order: float = 0.0

    def choose(self, at: Situation) -> Choice:
        rows, _ = sift(at.view)
        best = score_rows(at.view, rows, self.weights, KEPT if at.logs or self.places_an_order else LOOKED_AT)
        kept = np.asarray([each.row for each in best], dtype=np.intp)
        values = np.asarray([[each.contributions[code].value for code in CRITERIA] for each in best]).reshape(
            len(best), len(CRITERIA)
        )
        if self.places_an_order:
            order = fair_order(at.view.recent_work()[kept].tolist(), self.places_an_order)
            kept, values = kept[order], values[order]
        count, gap = self.pace(at, kept)
        return Choice(kept[:count], gap, kept, values)

    def new_week(self, week: int) -> None:
        if self.switch is not None and week >= self.switch[0]:
            self.weights = self.switch[1]
