"""How sure is sure enough: a logistic regression that says whether the first item is right, and the mark below which a person looks.

Selective classification after El-Yaniv and Wiener (2010): the mark is the lowest certainty from which on the wanted share is right.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from matcher.understanding.model import doubts


def fit_certainty(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights for `doubts`, the constant last. `scores` are blended and out of fold."""
    if right.all() or not right.any():
        return np.asarray([0.0, 0.0, 0.0, 0.0, 20.0 if right.all() else -20.0])
    machine = LogisticRegression(C=10.0, max_iter=1000).fit(doubts(scores), right)
    return np.asarray([*machine.coef_[0], machine.intercept_[0]], dtype=np.float64)


def threshold_for(certainty: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest certainty from which on the first item is right in `precision` of the cases; 1 if there is none."""
    order = np.argsort(-certainty, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    return float(certainty[order][good[-1]]) if len(good) else 1.0
