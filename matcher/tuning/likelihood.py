"""What answered offers say of weights, as rows of one logistic likelihood: single answers, and pairs of answers made at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Values
from matcher.tuning.answered import Answered, Whole

# How far what is held fixed may move the logit for a whole unit of a criterion: the standard deviation of its prior.
BESIDE_DEVIATION = 3.0
# No offer counts for more than so many of the most exposed place.
MOST_WEIGHT = 10.0
# Places of the ranking that are reckoned together, each by its first, and how many are in each.
BANDS = np.asarray([1, 2, 3, 4, 6, 11, 31])
BAND_WIDTHS = np.asarray([1.0, 1.0, 1.0, 2.0, 5.0, 20.0, 70.0])


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """What the likelihood is made of: single answers, and pairs as differences with a yes."""

    x: Values
    beside: Values
    y: Values
    weight: Values


def evidence_rows(answered: Answered, weight: Values) -> EvidenceRows:
    single = _alone(answered)
    yes, no, strength = _pairs(answered, np.flatnonzero(~single))
    beside = beside_of(answered)
    return EvidenceRows(
        np.concatenate([answered.values[single], answered.values[yes] - answered.values[no]]),
        np.concatenate([beside[single], np.zeros((len(yes), beside.shape[1]))]),
        np.concatenate([answered.success[single], np.ones(len(yes))]),
        np.concatenate([weight[single], strength * np.sqrt(weight[yes] * weight[no])]),
    )


def _alone(answered: Answered) -> NDArray[np.bool_]:
    """Rows of offers with no other answered offer made at the same time."""
    _, group, size = np.unique(answered.together, return_inverse=True, return_counts=True)
    return np.asarray((size == 1)[group])


def _pairs(answered: Answered, rows: Whole) -> tuple[Whole, Whole, Values]:
    """Each better answer with each worse one beside it. A group of m answers counts for m / 2 pairs, however many it has."""
    yes: list[int] = []
    no: list[int] = []
    strength: list[float] = []
    order = rows[np.argsort(answered.together[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(answered.together[order])) + 1
    for group in np.split(order, ends) if len(order) else []:
        found = [(a, b) for a in group for b in group if answered.success[a] > answered.success[b]]
        yes.extend(a for a, _ in found)
        no.extend(b for _, b in found)
        # No pairs, nothing to divide by: all answered alike.
        strength.extend(len(group) / (2 * len(found)) * (answered.success[a] - answered.success[b]) for a, b in found)
    return np.asarray(yes, dtype=np.intp), np.asarray(no, dtype=np.intp), np.asarray(strength)


def exposure_weights(place: Whole) -> Values:
    """For each offer the inverse of how often its place is offered, relative to the most exposed place, clipped, mean one."""
    band = np.searchsorted(BANDS, np.maximum(place, 1), side="right") - 1
    shown = (np.bincount(band, minlength=len(BANDS)) + 1.0) / BAND_WIDTHS
    raw = np.minimum(shown.max() / shown, MOST_WEIGHT)[band]
    return np.asarray(raw / raw.mean()) if len(raw) else raw


def beside_of(answered: Answered) -> Values:
    """The level, then what is held fixed: each centred near nothing, so that the same mild prior suits all."""
    told = [np.ones(len(answered.success)), answered.urgency - 2.5, np.log(np.maximum(answered.attempt, 1.0))]
    around = [] if answered.around is None else [BESIDE_DEVIATION * (answered.around - 0.5)]
    return np.column_stack([*told, *around])
