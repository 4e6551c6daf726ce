"""The weighted sum of the criteria over rows, and their order. Ties break by score, distance, id."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.query import View
from models.weights import Weights

# Points are rounded before they are summed: the shown parts add up to the shown score, and order does not hang on a last bit.
DECIMALS = 6
UNITS = 10.0**DECIMALS


@dataclass(frozen=True, slots=True)
class Scores:
    """For some rows, by criterion: values and points, and the score that the points sum to."""

    shares: Mapping[str, float]
    values: Mapping[str, Values]
    points: Mapping[str, Values]
    score: Values


def scores_of(view: View, rows: Rows, weights: Weights) -> Scores:
    shares = weights.shares(tuple(CRITERIA))
    values = {code: rounded(each.measure(view, rows)) for code, each in CRITERIA.items()}
    return Scores(shares, values, *_summed(shares, values, len(rows)))


def score_of(view: View, rows: Rows, weights: Weights) -> Values:
    """Only the score: what weighs nothing is not measured."""
    shares = weights.shares(tuple(CRITERIA))
    values = {code: rounded(CRITERIA[code].measure(view, rows)) for code, share in shares.items() if share}
    return _summed(shares, values, len(rows))[1]


def _summed(shares: Mapping[str, float], values: Mapping[str, Values], size: int) -> tuple[dict[str, Values], Values]:
    points = {code: rounded(shares[code] * values[code]) for code in values}
    score = np.zeros(size)
    for each in points.values():
        score += each
    return points, rounded(score)


def rounded(values: Values) -> Values:
    """As `numpy.round` does it, in half its time for a few values."""
    whole = values * UNITS
    np.rint(whole, out=whole)
    whole /= UNITS
    return whole


def points_of(share: float, value: Values) -> Values:
    return rounded(share * rounded(value))


def rounded_km(view: View, places: Rows) -> Values:
    """As the order reads distances; infinite where one is not known."""
    distance = view.distance_km()[places]
    return rounded(np.where(np.isnan(distance), np.inf, distance))


def best(excerpt: Excerpt, score: Values, distance: Values, limit: int) -> Rows:
    """Places in the excerpt of the best `limit`, in order. Everyone who ties with the last place is sorted before the cut."""
    if limit <= 0 or not excerpt.size:
        return np.arange(0)
    places = np.arange(excerpt.size)
    if excerpt.size > limit:
        places = np.flatnonzero(score >= np.partition(score, excerpt.size - limit)[excerpt.size - limit])
    if len(places) > limit:
        tied = score[places] == score[places].min()
        nearest = np.sort(distance[places[tied]])[limit - int((~tied).sum()) - 1]
        places = places[~tied | (distance[places] <= nearest)]
    order = np.lexsort((*excerpt.id_order(places), distance[places], -score[places]))
    return places[order][:limit]
