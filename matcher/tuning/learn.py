"""学习: weights from what providers really answered. Pure: arrays in, weights out.

The chance of a yes is a logistic function of `scale` x the weighted sum. Non-negative weights that sum to one are found as the most
probable ones under a normal prior around the present weights (MAP), so that little evidence moves little.

Exposure. Only those who were offered a need could answer, and the ranking chose them. So nobody who was not offered counts as a
no; and answers are weighted by the inverse of how likely their place in the ranking was to be offered at all (propensity-weighted
learning to rank: Joachims, Swaminathan and Schnabel 2017; clipped as in Strehl et al. 2010). Among offers made at once, a yes is
compared with the noes beside it: the conditional logistic likelihood of a pair (Breslow and Day 1980) is free of how welcome the
need itself was; where all answered alike, nothing is learned. Offers made one after the other are not paired: the search stops at
the first yes, which by the ranking stands below every no before it. They count one by one, with urgency, number of the attempt and
the mean of the need's candidates (Mundlak 1978) held fixed beside the weights: who lives far from everybody is not far by choice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from matcher.ranking.columns import Values
from matcher.tuning.answered import Answered
from matcher.tuning.likelihood import beside_of, evidence_rows, exposure_weights

# One weight departs from the present one by this much at most lightly: the standard deviation of the prior.
PRIOR_DEVIATION = 0.1
# Where the scale is expected, within a factor of e in two of three cases: the normal prior of its logarithm has deviation one.
USUAL_SCALE = 4.0
# What a protected criterion keeps at least of its present weight.
KEPT_SHARE = 0.8
# How far it stays ahead of each criterion that it is ahead of now, unless it is nearer already.
KEPT_LEAD = 0.01


@dataclass(frozen=True, slots=True)
class Fitted:
    """`weights` in the columns' order sum to one; `scale` and `beside` (level, urgency, attempt and the candidates' means) make a
    probability of a score."""

    weights: Values
    scale: float
    beside: Values

    def chance(self, answered: Answered) -> Values:
        """How likely each offer was to be accepted."""
        return np.asarray(expit(self.scale * (answered.values @ self.weights) + beside_of(answered) @ self.beside))


@dataclass(frozen=True, slots=True)
class Limits:
    """`free`: which weights may move from nothing; `protected`: the criterion that keeps its place and most of its weight."""

    free: NDArray[np.bool_]
    protected: int | None = None


def fit(
    answered: Answered,
    present: Values,
    limits: Limits,
    *,
    counts: Values | None = None,
    start: Fitted | None = None,
    centre: Values | None = None,
) -> Fitted:
    """The weights. `counts` says how often each row counts; `centre` is the prior's where it is not `present`."""
    problem = _Problem(answered, present, limits, np.ones(len(answered.success)) if counts is None else counts)
    return problem.solve(present if centre is None else centre, start)


def fit_scale(answered: Answered, weights: Values, *, counts: Values | None = None) -> Fitted:
    """How scores by these given weights tell of answers: only the scale and what stands beside are fitted."""
    held = _Problem(answered, weights, Limits(weights > 0), np.ones(len(answered.success)) if counts is None else counts)
    return held.solve(weights, None, hold_weights=True)


class _Problem:
    """Minus the logarithm of the posterior, over the weights, the logarithm of the scale and what stands beside."""

    def __init__(self, answered: Answered, present: Values, limits: Limits, counts: Values) -> None:
        self._present = present
        self._open = np.flatnonzero((present > 0) | limits.free)
        self._limits = limits
        rows = evidence_rows(answered, exposure_weights(answered.place) * counts)
        kept = rows.weight > 0
        self._x, self._beside = rows.x[kept][:, self._open], rows.beside[kept]
        self._y, self._weight = rows.y[kept], rows.weight[kept]

    def solve(self, prior: Values, start: Fitted | None, hold_weights: bool = False) -> Fitted:
        size = len(self._open)
        centre = prior[self._open]
        begin = centre if start is None else start.weights[self._open]
        fixed = self._beside.shape[1]
        scale, beside = (np.log(USUAL_SCALE), np.zeros(fixed)) if start is None else (np.log(start.scale), start.beside)
        bounds = [(w, w) if hold_weights else (0.0, 1.0) for w in centre] + [(-4.0, 5.0)] + [(-30.0, 30.0)] * fixed
        found = minimize(
            self._loss,
            np.concatenate([begin, [scale], beside]),
            args=(centre,),
            jac=True,
            method="SLSQP",
            bounds=bounds,
            constraints=[] if hold_weights else self._constraints(size, fixed + 1),
            options={"maxiter": 200, "ftol": 1e-7},
        ).x
        weights = np.zeros(len(self._present))
        weights[self._open] = np.clip(found[:size], 0.0, None)
        return Fitted(weights / weights.sum(), float(np.exp(found[size])), np.asarray(found[size + 1 :]))

    def _loss(self, at: Values, centre: Values) -> tuple[float, Values]:
        size = len(centre)
        weights, scale, beside = at[:size], np.exp(at[size]), at[size + 1 :]
        sums = self._x @ weights
        z = scale * sums + self._beside @ beside
        off = self._weight * (expit(z) - self._y)
        loss = float(self._weight @ (np.logaddexp(0.0, z) - self._y * z))
        away, wide = (weights - centre) / PRIOR_DEVIATION, at[size] - np.log(USUAL_SCALE)
        loss += 0.5 * float(away @ away + wide * wide + beside[1:] @ beside[1:])
        slope = np.concatenate(
            [scale * (off @ self._x) + away / PRIOR_DEVIATION, [scale * float(off @ sums) + wide], off @ self._beside]
        )
        slope[size + 2 :] += beside[1:]
        per = max(1.0, float(self._weight.sum()))
        return loss / per, slope / per

    def _constraints(self, size: int, others: int) -> list[dict[str, object]]:
        """The sum is one; the protected criterion keeps most of its weight and stays above those that it is above now."""
        total = np.concatenate([np.ones(size), np.zeros(others)])
        found: list[dict[str, object]] = [{"type": "eq", "fun": lambda at: at @ total - 1.0, "jac": lambda _: total}]
        if self._limits.protected is None or self._present[self._limits.protected] <= 0:
            return found
        keeper = int(np.flatnonzero(self._open == self._limits.protected)[0])
        least = KEPT_SHARE * self._present[self._limits.protected]
        below = [
            at for at in range(size) if at != keeper and self._present[self._open[at]] <= self._present[self._limits.protected]
        ]
        matrix = np.zeros((len(below) + 1, size + others))
        matrix[:, keeper] = 1.0
        matrix[np.arange(len(below)), below] = -1.0
        lead = np.minimum(KEPT_LEAD, self._present[self._limits.protected] - self._present[self._open[below]])
        floor = np.concatenate([lead, [least]])
        return [*found, {"type": "ineq", "fun": lambda at: matrix @ at - floor, "jac": lambda _: matrix}]
