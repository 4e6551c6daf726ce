"""Past decisions ranked again by other weights: pure, on what was kept of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.scoring import DECIMALS
from models.decision import Decision
from models.weights import Weights

STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A decision in numbers. Columns of `values` follow the registry; a criterion that was not known then is 0 for everybody, so
    that it moves nobody. `distance_km` is NaN where unknown. `complete`: all who were eligible were kept."""

    decision: Decision
    values: Values
    distance_km: Values
    loads: Values
    shares: Values
    caps: Values
    complete: bool


@dataclass(frozen=True, slots=True)
class First:
    """Who would have been first: their row, their score, and whether nobody who was not kept could have stood above them."""

    row: int
    score: float
    exact: bool


def shares_of(criteria: Mapping[str, float], codes: Sequence[str] = ()) -> Values:
    """The shares of the registry's criteria in its order; they sum to one."""
    weights = np.asarray([float(criteria.get(code, 0.0)) for code in codes or CRITERIA])
    return np.asarray(weights / weights.sum())


def present_shares(weights: Weights) -> Values:
    return shares_of(weights.criteria)


def scene_of(decision: Decision) -> Scene:
    size, known = len(decision.refs), len(decision.codes)
    kept = np.frombuffer(decision.values, "<u2").reshape(size, known) / STEPS
    metres = np.frombuffer(decision.distances, "<i4").astype(np.float64)
    place = {code: at for at, code in enumerate(CRITERIA)}
    known_at = [(at, place[code]) for at, code in enumerate(decision.codes) if code in place]
    values, shares, caps = np.zeros((size, len(place))), np.zeros(len(place)), np.zeros(len(place))
    here, there = [at for at, _ in known_at], [at for _, at in known_at]
    values[:, there] = kept[:, here]
    shares[there], caps[there] = np.asarray(decision.shares)[here], np.asarray(decision.caps)[here]
    return Scene(
        decision,
        values,
        np.where(metres < 0, np.nan, metres / 1000),
        np.frombuffer(decision.loads, "<u2").astype(np.float64),
        shares,
        caps,
        size >= decision.eligible,
    )


def first_by(scene: Scene, shares: Values) -> First:
    """The first choice by these shares; ties break as in the ranking."""
    scores = np.round(scene.values @ shares, DECIMALS)
    best = float(scores.max())
    row = _nearest(scene, np.flatnonzero(scores == best))
    return First(row, best, scene.complete or best > best_unkept(scene, shares))


def _nearest(scene: Scene, rows: Rows) -> int:
    if len(rows) == 1:
        return int(rows[0])
    distance = np.nan_to_num(scene.distance_km, nan=np.inf)
    return int(min(rows, key=lambda row: (distance[row], scene.decision.refs[row].partition(":")[2])))


def best_unkept(scene: Scene, shares: Values) -> float:
    """The most that somebody who was not kept could score by these shares.

    They had no more of a criterion than its cap and scored no more than the floor by the weights of then. The best under both is
    a fractional knapsack (Dantzig 1957): fill up where the new weight is largest for the old one, until the floor is reached.
    """
    old, caps = scene.shares, scene.caps
    free = old <= 0
    bound = float(shares[free] @ caps[free])
    left = scene.decision.floor
    paid = np.flatnonzero(~free)
    for at in paid[np.argsort(-shares[paid] / old[paid])]:
        share = min(1.0, left / (old[at] * caps[at])) if caps[at] > 0 else 0.0
        bound += share * float(shares[at] * caps[at])
        left -= share * float(old[at] * caps[at])
        if share < 1.0 and caps[at] > 0:
            break
    return bound
