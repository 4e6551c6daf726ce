"""The few rows among which the best are, from the compiled kernel, looked at as all rows are."""

from math import inf
from typing import NamedTuple

import numpy as np

from matcher.ranking.blocks.sweep import plain_rows
from matcher.ranking.blocks.top import sieved
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.kernel.compiled import Best
from matcher.ranking.kernel.search import best_rows
from matcher.ranking.query import View
from models.weights import Weights

# Beside as many as are asked for: who falls to a rule that the kernel does not know, or ties with the last.
SPARE = 9
# Words of a need that fit into the kernel's marks.
MOST_TERMS = 64


class Found(NamedTuple):
    """Those of the few who pass every rule; nobody else has more than `others_have`."""

    passing: View
    others_have: float


def few_best(kernel: Best, view: View, blocks: Blocks, weights: Weights, limit: int) -> Found | None:
    """None for a need that the kernel cannot hold, and where thousands tie."""
    query = view.query
    if len(query.terms) > MOST_TERMS or limit <= 0:
        return None
    shares = weights.shares(tuple(CRITERIA))
    plain = plain_rows(view, blocks)
    room = limit + SPARE + len(query.asked) + len(query.declined)
    found = best_rows(kernel, view, blocks, shares, room, plain)
    if found is None:
        return None
    rows, bounds = found
    passing = sieved(view.only(np.concatenate([plain, rows])))
    return Found(passing, float(bounds.min()) if len(rows) == room else -inf)
