"""How far learned weights can be believed: held-out log-loss against the present ones, and an interval for each weight."""

from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Values
from matcher.tuning.answered import Answered, part_of
from matcher.tuning.learn import PRIOR_DEVIATION, Fitted, Limits, fit, fit_scale

FOLDS = 5
REPLICATES = 200
SEED = 20_260_302


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Mean log-loss of offers that the fit had not seen, whole needs at a time; `gain` = present - proposed, with the standard
    error of its mean over needs."""

    folds: int
    present: float
    proposed: float
    gain: float
    standard_error: float

    @property
    def better(self) -> bool:
        """Beyond what chance does: by two standard errors."""
        return self.gain > 2 * self.standard_error


def held_out(answered: Answered, present: Values, limits: Limits, folds: int = FOLDS) -> HeldOut:
    needs, number = np.unique(answered.need, return_inverse=True)
    fold = np.random.default_rng(SEED).permutation(len(needs))[number] % folds
    old, new = np.zeros(len(number)), np.zeros(len(number))
    for each in range(folds):
        train, test = part_of(answered, np.flatnonzero(fold != each)), np.flatnonzero(fold == each)
        seen = part_of(answered, test)
        old[test] = _log_loss(fit_scale(train, present), seen)
        new[test] = _log_loss(fit(train, present, limits), seen)
    gain = old - new
    by_need = np.bincount(number, weights=gain - gain.mean())
    error = float(np.sqrt((by_need**2).sum()) / len(number))
    return HeldOut(folds, float(old.mean()), float(new.mean()), float(gain.mean()), error)


def _log_loss(fitted: Fitted, answered: Answered) -> Values:
    chance = np.clip(fitted.chance(answered), 1e-9, 1 - 1e-9)
    return np.asarray(-(answered.success * np.log(chance) + (1 - answered.success) * np.log(1 - chance)))


def intervals(
    answered: Answered, present: Values, limits: Limits, best: Fitted, replicates: int = REPLICATES
) -> tuple[Values, Values]:
    """The middle 95 % of each weight over resampled needs (weighted likelihood bootstrap: Newton and Raftery 1994). The prior's
    centre is drawn anew each time (randomize-then-optimize: Bardsley et al. 2014): what the data do not tell stays wide."""
    dice = np.random.default_rng(SEED)
    _, number = np.unique(answered.need, return_inverse=True)
    size = number.max() + 1
    found = []
    for _ in range(replicates):
        counts = np.bincount(dice.integers(0, size, size), minlength=size)[number].astype(np.float64)
        drawn = np.where(present > 0, np.clip(present + PRIOR_DEVIATION * dice.standard_normal(len(present)), 1e-6, None), 0.0)
        found.append(fit(answered, present, limits, counts=counts, start=best, centre=drawn / drawn.sum()).weights)
    low, high = np.percentile(np.asarray(found), [2.5, 97.5], axis=0)
    return np.minimum(low, best.weights), np.maximum(high, best.weights)
