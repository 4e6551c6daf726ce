"""Weights from the logged offers of the first weeks, by the service's own fitting; and those of the hidden behaviour itself."""

import numpy as np

from bench.simulate.opened import Logged, Seen
from bench.simulate.policies import default_shares
from matcher.ranking.columns import Values
from matcher.tuning.answered import Answered
from matcher.tuning.learn import Limits, fit
from matcher.tuning.proposal import limits_for

THINNED = 4


def learned_shares(logged: list[Logged]) -> Values:
    """As `POST …/weights/{name}/learn` would propose: near the present weights where evidence is thin, skill kept in its place."""
    present = default_shares()
    return fit(_answered(logged), present, limits_for(present)).weights


def free_shares(logged: list[Logged]) -> Values:
    """The same evidence with no criterion protected."""
    present = default_shares()
    return fit(_answered(logged), present, Limits(present > 0)).weights


def hidden_shares(seen: list[Seen]) -> Values:
    """The weights nearest to the hidden behaviour: fitted to the true chance of every candidate seen, asked or not, as much evidence
    as answers without end would give. Every THINNED-th decision is enough for that."""
    present, seen = default_shares(), seen[::THINNED]
    size = [len(each.chance) for each in seen]
    number = np.arange(sum(size))
    whole = Answered(
        values=np.concatenate([each.values for each in seen]),
        success=np.concatenate([each.chance for each in seen]),
        need=np.repeat([each.need for each in seen], size).astype(np.intp),
        together=number.astype(np.intp),
        attempt=np.ones(sum(size)),
        urgency=np.repeat([float(each.urgency) for each in seen], size),
        place=np.ones(sum(size), dtype=np.intp),
        around=np.repeat([each.values.mean(axis=0) for each in seen], size, axis=0),
    )
    return fit(whole, present, Limits(present > 0)).weights


def _answered(logged: list[Logged]) -> Answered:
    return Answered(
        values=np.asarray([each.values for each in logged]),
        success=np.asarray([each.success for each in logged]),
        need=np.asarray([each.need for each in logged], dtype=np.intp),
        together=np.asarray([100 * each.need + each.attempt for each in logged], dtype=np.intp),
        attempt=np.asarray([float(each.attempt) for each in logged]),
        urgency=np.asarray([float(each.urgency) for each in logged]),
        place=np.asarray([each.place for each in logged], dtype=np.intp),
        around=np.asarray([each.around for each in logged]),
    )
