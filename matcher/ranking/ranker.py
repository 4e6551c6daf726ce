"""The ranked list: rules first, then the weighted sum of the criteria. Ties break by score, distance, id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, isnan
from typing import NamedTuple

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.sweep import sift_within, sweep
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns, Rows
from matcher.ranking.eligibility import sift
from matcher.ranking.kernel.compiled import Best, built
from matcher.ranking.kernel.few_best import few_best
from matcher.ranking.query import Query, View
from matcher.ranking.scoring import Scores, best, rounded_km, score_of, scores_of
from models.account import ProviderRef
from models.weights import Weights

# A list that shows more than one in so many of all rows leaves little to skip.
LONG_LIST = 50
# So many times the list's length are told of at once; of more, the best are picked first.
FEW = 4


class Contribution(NamedTuple):
    """`points` = `weight` x `value`; `weight` is the criterion's share, so that all weights sum to one."""

    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """`row` is the candidate's place in the view that it was scored in; `room` how many more orders they take beside their `load`."""

    row: int
    ref: ProviderRef
    name: str
    score: float
    contributions: Mapping[str, Contribution]
    distance_km: float | None
    load: int
    room: int


class Ranking:
    """`view` holds the candidates alone, for the explanation to look up what stood behind each.

    A scan has counted everybody. Blocks have not: then `eligible` and `excluded` look at all rows in reach of the need when they are
    first read (tens of milliseconds at a million providers), and `counted` says whether that is done. They are exact either way.
    """

    def __init__(self, candidates: tuple[Candidate, ...], view: View, count: Callable[[], tuple[Rows, dict[str, int]]]) -> None:
        self.candidates, self.view, self._count = candidates, view, count

    @property
    def counted(self) -> bool:
        return "_sifted" in self.__dict__

    @cached_property
    def _sifted(self) -> tuple[int, Mapping[str, int]]:
        rows, excluded = self._count()
        return len(rows), excluded

    @property
    def eligible(self) -> int:
        return self._sifted[0]

    @property
    def excluded(self) -> Mapping[str, int]:
        return self._sifted[1]


def rank(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights, limit: int) -> Ranking:
    """The plan: blocks where there are enough rows for skipping to pay and the list is short, by the compiled kernel where there is one;
    a scan otherwise. The list is the same whichever way it is made.

    Raises NotCarriedError where the columns hold the providers of other regions only.
    """
    columns.require(query.region)
    if columns.size >= columns.blocks_from and columns.size >= LONG_LIST * limit:
        kernel = built()
        ranking = rank_by_kernel(kernel, query, columns, catalogue, weights, limit) if kernel else None
        ranking = ranking or rank_by_blocks(query, columns, catalogue, weights, limit)
        if ranking is not None:
            return ranking
    return rank_by_scan(query, columns, catalogue, weights, limit)


def prepare(columns: Columns) -> None:
    """Once everybody has been put in: what would else wait for the first ranking. Some three seconds a million rows."""
    if len(columns) >= columns.blocks_from:
        if columns.strays:
            columns.sort()
        blocks_of(columns, columns.catalogue)


def rank_by_scan(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights, limit: int) -> Ranking:
    view = View(query, columns, catalogue)
    rows, excluded = sift(view)
    winners = winners_of(view.only(rows), weights, limit)
    ranking = Ranking(score_rows(winners, np.arange(winners.size), weights, limit), winners, lambda: (rows, excluded))
    _ = ranking.eligible
    return ranking


def rank_by_blocks(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights, limit: int) -> Ranking | None:
    """None when nearly everybody ties, so that a scan is cheaper."""
    blocks = blocks_of(columns, catalogue)
    view = View(query, columns, catalogue)
    rows = sweep(view, blocks, weights, limit)
    if rows is None:
        return None
    winners = view.only(rows)
    shown = score_rows(winners, np.arange(len(rows)), weights, limit)
    return Ranking(shown, winners, lambda: sift_within(view, blocks_of(columns, catalogue)))


def rank_by_kernel(
    kernel: Best, query: Query, columns: Columns, catalogue: Catalogue, weights: Weights, limit: int
) -> Ranking | None:
    """None when it takes more than a few rows to be sure of the best: when many tie, or many have been asked already."""
    blocks = blocks_of(columns, catalogue)
    view = View(query, columns, catalogue)
    found = few_best(kernel, view, blocks, weights, limit)
    if found is None:
        return None
    passing = found.passing if found.passing.size <= FEW * limit else winners_of(found.passing, weights, limit)
    shown = score_rows(passing, np.arange(passing.size), weights, limit)
    least = shown[-1].score if len(shown) == limit else -inf
    if found.others_have > -inf and found.others_have >= least:
        return None
    return Ranking(shown, passing, lambda: sift_within(view, blocks_of(columns, catalogue)))


def winners_of(passing: View, weights: Weights, limit: int) -> View:
    """The best of those who pass every rule, in order, without what is told of each."""
    everyone = np.arange(passing.size)
    score, distance = score_of(passing, everyone, weights), rounded_km(passing, everyone)
    return passing.only(best(passing.columns, score, distance, limit))


def eligible_rows(query: Query, columns: Columns, catalogue: Catalogue) -> Rows:
    """The rows that pass every rule. Raises NotCarriedError."""
    columns.require(query.region)
    view = View(query, columns, catalogue)
    if columns.size < columns.blocks_from:
        return sift(view)[0]
    return sift_within(view, blocks_of(columns, catalogue))[0]


def score_rows(view: View, rows: Rows, weights: Weights, limit: int) -> tuple[Candidate, ...]:
    """The best of these rows, best first, whether or not the rules let them pass."""
    scores = scores_of(view, rows, weights)
    chosen = best(view.columns.only(rows), scores.score, rounded_km(view, rows), limit)
    parts = {code: _contributions(scores, code, chosen) for code in scores.shares}
    rows, columns = rows[chosen], view.columns
    whole = columns.rows_at(rows)
    told = zip(
        rows.tolist(), view.table.refs_at(whole), view.table.names_at(whole), scores.score[chosen].tolist(),
        view.distance_km()[rows].tolist(), columns.load[rows].tolist(), columns.capacity[rows].tolist(),
        zip(*parts.values(), strict=True), strict=True
    )  # fmt: skip
    return tuple(
        Candidate(
            row=row,
            ref=ref,
            name=name,
            score=score,
            contributions=dict(zip(parts, contributions, strict=True)),
            distance_km=None if isnan(distance) else round(distance, 3),
            load=load,
            room=capacity - load,
        )
        for row, ref, name, score, distance, load, capacity, contributions in told
    )


def _contributions(scores: Scores, code: str, places: Rows) -> list[Contribution]:
    values, points = scores.values[code][places].tolist(), scores.points[code][places].tolist()
    return [Contribution(value, scores.shares[code], worth) for value, worth in zip(values, points, strict=True)]
