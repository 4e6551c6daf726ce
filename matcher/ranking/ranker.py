"""The ranked list: rules first, then the weighted sum of the criteria. Ties break by score, distance, id."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns, Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import sift
from matcher.ranking.query import Query, View
from models.account import ProviderRef
from models.weights import Weights

# Points are rounded before they are summed: the shown parts add up to the shown score, and order does not hang on a last bit.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Contribution:
    """`points` = `weight` x `value`; `weight` is the criterion's share, so that all weights sum to one."""

    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Candidate:
    row: int
    ref: ProviderRef
    name: str
    score: float
    contributions: Mapping[str, Contribution]
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """`view` lets the explanation look up what stood behind a candidate."""

    candidates: tuple[Candidate, ...]
    eligible: int
    excluded: Mapping[str, int]
    view: View


def rank(query: Query, columns: Columns, catalogue: Catalogue, weights: Weights, limit: int) -> Ranking:
    view = View(query, columns, catalogue)
    rows, excluded = sift(view)
    return Ranking(score_rows(view, rows, weights, limit), len(rows), excluded, view)


def score_rows(view: View, rows: Rows, weights: Weights, limit: int) -> tuple[Candidate, ...]:
    """The best of these rows, best first, whether or not the rules let them pass."""
    shares = weights.shares(tuple(CRITERIA))
    values = {code: np.round(each.measure(view, rows), DECIMALS) for code, each in CRITERIA.items()}
    points = {code: np.round(shares[code] * values[code], DECIMALS) for code in CRITERIA}
    score = np.round(np.sum(list(points.values()), axis=0), DECIMALS) if len(rows) else np.zeros(0)
    return tuple(
        _candidate(
            view,
            int(rows[at]),
            float(score[at]),
            {code: Contribution(float(values[code][at]), shares[code], float(points[code][at])) for code in CRITERIA},
        )
        for at in _best(view, rows, score, limit)
    )


def _best(view: View, rows: Rows, score: Values, limit: int) -> Rows:
    """Places in `rows` of the best `limit`, in order. Everyone who ties with the last place is sorted before the cut."""
    if len(rows) > limit:
        threshold = np.partition(score, len(rows) - limit)[len(rows) - limit]
        places = np.flatnonzero(score >= threshold)
    else:
        places = np.arange(len(rows))
    distance = np.nan_to_num(view.distance_km()[rows[places]], nan=np.inf)
    ids = np.asarray([view.columns.ids[row] for row in rows[places]])
    order = np.lexsort((ids, np.round(distance, DECIMALS), -score[places])) if len(places) else np.arange(0)
    return places[order][:limit]


def _candidate(view: View, row: int, score: float, contributions: Mapping[str, Contribution]) -> Candidate:
    distance = float(view.distance_km()[row])
    return Candidate(
        row=row,
        ref=view.columns.ref_at(row),
        name=view.columns.names[row],
        score=score,
        contributions=contributions,
        distance_km=None if np.isnan(distance) else round(distance, 3),
    )
