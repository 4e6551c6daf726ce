"""The best rows found so far, and the bar that others must pass."""

from collections.abc import Mapping

import numpy as np

from matcher.ranking.blocks.prospects import Prospects
from matcher.ranking.columns import Mask, Rows, Values
from matcher.ranking.eligibility import RULES
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.query import View
from matcher.ranking.scoring import best, rounded_km, score_of
from models.weights import Weights

# This rule leaves the fewest rows for the least work; the others look at what is left.
FIRST_RULE = "area"
NOTHING: Mapping[str, Values] = {}


class Top:
    def __init__(self, view: View, weights: Weights, limit: int) -> None:
        self._view, self._weights, self._limit = view, weights, limit
        self.rows: Rows = np.arange(0)
        self._score = self._distance = np.zeros(0)
        self.seen = 0
        self._bar: tuple[float, float, int] | None = None

    @property
    def bar(self) -> float | None:
        """The score of the last of the best; None while there are fewer than asked for."""
        return self._bar[0] if self._bar else None

    def look_at(self, rows: Rows, known: Mapping[str, Values] = NOTHING) -> None:
        """`known` spares working it out again. No row is given twice."""
        self.seen += len(rows)
        passing = sieved(self._view.only(rows, known))
        if not passing.size:
            return
        everyone = np.arange(passing.size)
        rows = np.concatenate([self.rows, passing.columns.whole])
        score = np.concatenate([self._score, score_of(passing, everyone, self._weights)])
        distance = np.concatenate([self._distance, rounded_km(passing, everyone)])
        places = best(Excerpt(self._view.table, rows), score, distance, self._limit)
        self.rows, self._score, self._distance = rows[places], score[places], distance[places]
        if len(places) == self._limit:
            last = int(self.rows[-1])
            least_id = 0 if self._view.table.has_odd_ids else self._view.table.fixed["id_high"].item(last)
            self._bar = float(self._score[-1]), float(self._distance[-1]), least_id

    def open(self, prospects: Prospects) -> Mask:
        """What may join the best: compared as rows are, by score, distance and id."""
        if self._bar is None:
            return np.ones(len(prospects.rows), dtype=np.bool_)
        score, distance, id = self._bar
        level = prospects.bound == score
        if not level.any():
            return np.asarray(prospects.bound > score, dtype=np.bool_)
        nearer = (prospects.nearest_km < distance) | (
            (prospects.nearest_km == distance) & ((prospects.id_least <= id) | (id == 0))
        )
        return np.asarray((prospects.bound > score) | (level & nearer), dtype=np.bool_)


def sieved(view: View) -> View:
    """The live rows that pass every rule."""
    near = view.columns.live & RULES[FIRST_RULE].passes(view)
    # A view that stays keeps what it has gathered.
    if not near.all():
        view = view.only(np.flatnonzero(near))
    if not view.size:
        return view
    passing = np.ones(view.size, dtype=np.bool_)
    for code, rule in RULES.items():
        if code != FIRST_RULE:
            passing &= rule.passes(view)
    return view if passing.all() else view.only(np.flatnonzero(passing))
