"""The two views of a text that the model adds up, both linear: margins and naive Bayes.

One-vs-rest L2-regularised squared-hinge machines (Fan et al. 2008, LIBLINEAR, as in scikit-learn's LinearSVC) and multinomial naive
Bayes over the same TF-IDF rows (Rennie et al. 2003). They err on different texts: their sum is right more often, and far better aware
of when it is not, than either. Being linear, the sum costs no more to serve than one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from matcher.understanding.model import UNLIKELY, Linear, pressed
from matcher.understanding.vectors import Counted

Weights = NDArray[np.float32]
Scores = NDArray[np.float64]
C_URGENCY = 4.0
# How many sightings of a feature an item is granted before any: small, since most features are of few items.
BAYES_SMOOTHING = 0.02
# The mix that is started from; where the fit ends depends on the texts.
BLEND = (4.5, 0.7)
# Texts of the usual urgency that an item is granted before any.
URGENCY_SMOOTHING = 2.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows with what they mean: `truth` is (texts, items) of 0 and 1, `first` the item meant first."""

    texts: Counted
    truth: NDArray[np.int8]
    first: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Views:
    """Scores or weights of both; a column without any text is -inf in `bias`."""

    margins: Weights
    bayes: Weights
    bias: Weights

    def scores(self, rows: csr_matrix) -> Scores:
        """(2, texts, items); each text's scores have mean 0 over the items that were learned."""
        known = np.isfinite(self.bias)
        found = np.stack([rows @ self.margins + np.where(known, self.bias, 0), rows @ self.bayes]).astype(np.float64)
        found -= found[:, :, known].mean(axis=2, keepdims=True)
        found[:, :, ~known] = found.min(axis=2, keepdims=True)
        return found

    def blended(self, blend: tuple[float, float]) -> Linear:
        margins, bayes = blend
        known = np.isfinite(self.bias)
        weights = margins * self.margins + bayes * self.bayes
        return pressed(weights, np.where(known, margins * np.where(known, self.bias, 0), UNLIKELY).astype(np.float32))


def fit_views(rows: csr_matrix, truth: NDArray[np.int8], first: NDArray[np.intp], c: float) -> Views:
    """For the margins a text may be of several items, for naive Bayes it is of the first. One thread: LIBLINEAR's random numbers
    belong to the process, and two that draw from them at once give another model each time."""
    known = np.flatnonzero(truth.any(axis=0))
    margins = np.zeros((rows.shape[1], truth.shape[1]), dtype=np.float32)
    bias = np.full(truth.shape[1], -np.inf, dtype=np.float32)
    machine = OneVsRestClassifier(LinearSVC(C=c, random_state=0)).fit(rows, truth[:, known])
    for place, each in zip(known.tolist(), machine.estimators_, strict=True):
        margins[:, place] = each.coef_[0]
        bias[place] = each.intercept_[0]
    return Views(margins, _bayes(rows, first, truth.shape[1]), bias)


def _bayes(rows: csr_matrix, first: NDArray[np.intp], items: int) -> Weights:
    """Log probabilities of the features by item, each feature's mean taken away; 0 for an item of no text."""
    member = csr_matrix((np.ones(len(first), dtype=np.float32), (np.arange(len(first)), first)), shape=(len(first), items))
    seen = np.asarray((rows.T @ member).todense()) + BAYES_SMOOTHING
    known = np.bincount(first, minlength=items) > 0
    logs = np.log(seen / seen.sum(axis=0))
    logs -= logs[:, known].mean(axis=1, keepdims=True)
    logs[:, ~known] = 0
    return np.asarray(logs, dtype=np.float32)


def out_of_fold(labelled: Labelled, fold: NDArray[np.intp], c: float) -> Scores:
    """(2, texts, items): each text's scores from machines that saw neither it nor its like; the words' weights too are theirs."""
    scores = np.full((2, *labelled.truth.shape), UNLIKELY)
    for outside, views, rows in each_fold(labelled, fold, c):
        scores[:, outside] = views.scores(rows)
    return scores


def each_fold(labelled: Labelled, fold: NDArray[np.intp], c: float) -> Iterator[tuple[NDArray[np.bool_], Views, csr_matrix]]:
    """For each fold: its texts, what was learned from all others, and its rows as those weigh them."""
    for each in sorted({place for place in fold.tolist() if place >= 0}):
        outside = fold == each
        if not outside.all():
            rows = labelled.texts.weighed(labelled.texts.idf(~outside))
            yield outside, fit_views(rows[~outside], labelled.truth[~outside], labelled.first[~outside], c), rows[outside]


def choose_c(labelled: Labelled, fold: NDArray[np.intp], grid: tuple[float, ...]) -> float:
    """The strength at which the margins say the first item of the first fold's texts right most often; the weaker of two equals."""
    if len(grid) == 1:
        return grid[0]
    one = np.where(fold == fold[fold >= 0].min(), 0, -1)

    def right(c: float) -> float:
        outside, views, rows = next(each_fold(labelled, one, c))
        return float(np.mean(views.scores(rows)[0].argmax(axis=1) == labelled.first[outside]))

    return max(sorted(grid), key=right)


def fit_blend(scores: Scores, first: NDArray[np.intp]) -> tuple[float, float]:
    """How much each view counts, in units in which the softmax of the sum is least surprised by the truth (cf. Guo et al. 2017)."""

    def loss(logs: NDArray[np.float64]) -> float:
        blended = np.tensordot(np.exp(logs), scores, 1)
        blended -= blended.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(blended).sum(axis=1)) - blended[np.arange(len(first)), first]))

    found = minimize(loss, np.log(BLEND), method="Nelder-Mead", bounds=[(-4, 5)] * 2, options={"maxiter": 60, "xatol": 0.01}).x
    return float(np.exp(found[0])), float(np.exp(found[1]))


def fit_urgency(rows: csr_matrix, levels: NDArray[np.intp]) -> Linear:
    """Texts of one level, or none, give a layer that says that level, or 2."""
    weights = np.zeros((rows.shape[1], 4), dtype=np.float32)
    bias = np.full(4, -20.0, dtype=np.float32)
    if len(set(levels.tolist())) < 2:
        bias[(levels[0] if len(levels) else 2) - 1] = 0
        return pressed(weights, bias)
    machine = LogisticRegression(C=C_URGENCY, class_weight="balanced", max_iter=300).fit(rows, levels)
    if len(machine.classes_) == 2:
        low, high = machine.classes_ - 1
        weights[:, high], bias[high], bias[low] = machine.coef_[0], machine.intercept_[0], 0
    else:
        weights[:, machine.classes_ - 1] = machine.coef_.T
        bias[machine.classes_ - 1] = machine.intercept_
    return pressed(weights, bias)


def fit_item_urgency(first: NDArray[np.intp], levels: NDArray[np.intp], items: int) -> Weights:
    """For each item and level how much oftener its texts are of that level than those of the other items; 1 for an item without texts.

    Whoever misses a child rarely says so in words of danger: the item tells. Among writers that the model had not seen this halves
    the dangers taken for trifles.
    """
    found = np.zeros((items, 4))
    inside = first >= 0
    np.add.at(found, (first[inside], levels[inside] - 1), 1.0)
    if not found.sum():
        return np.ones((items, 4), dtype=np.float32)
    smoothed = found + URGENCY_SMOOTHING * found.sum(axis=0) / found.sum()
    shares = smoothed / smoothed.sum(axis=1, keepdims=True)
    usual = np.maximum(shares.mean(axis=0), np.finfo(np.float32).tiny)
    oftener = np.ones((items, 4), dtype=np.float32)
    told = found.sum(axis=1) > 0
    oftener[told] = shares[told] / usual
    return oftener
