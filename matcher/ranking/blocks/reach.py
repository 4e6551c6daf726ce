"""Who in some cells is worth so much for a need, from the postings of as few service items as will do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.blocks.order import CELL
from matcher.ranking.blocks.postings import Postings
from matcher.ranking.columns import Rows, Values
from matcher.ranking.eligibility import MIN_SKILL
from matcher.ranking.query import View

LAST_BITS = 1e-9


@dataclass(frozen=True, slots=True)
class Skilled:
    """`places` count all rows of the cells asked for, cell after cell, ascending. `skill` is what each is worth for the need, as
    `View.skill` has it if it `is_exact`, and never less than that."""

    places: Rows
    skill: Values
    is_exact: bool


def skilled_in(cells: Rows, least_skill: Values, view: View, postings: Postings) -> Skilled:
    """All rows of each cell that are worth `least_skill` there and pass the rule about skill, and perhaps others. Exact where it is
    nought everywhere."""
    shares = view.shares()
    if not shares or not len(cells):
        everyone = np.arange(len(cells) * CELL)
        return Skilled(everyone, np.zeros(len(everyone)), True)
    share = np.asarray([part for _, part in shares])
    credit = view.catalogue.credit[[item for item, _ in shares]].astype(np.float64)
    everybody = not least_skill.any()
    if everybody:
        counting, left_out, least = np.arange(len(share)), 0.0, least_skill
    else:
        least_skill = np.maximum(least_skill, MIN_SKILL) - LAST_BITS
        counting, left_out = items_to_look_up(share, credit, float(least_skill.min()))
        # Who has less than this of all items that count is worth too little.
        least = (least_skill - left_out) / (1 - left_out)
    worth = credit[counting].max(axis=0)
    items = np.flatnonzero(worth)
    number, cell = np.nonzero(worth[items, np.newaxis] >= least)
    entries = postings.of(cells, items, number, cell, least[cell] / worth[items[number]])
    places, at = compacted(entries.places, len(cells) * CELL)
    skill = np.full(len(places), left_out)
    is_exact = everybody or len(shares) == 1
    at_least = np.zeros(len(places)) if is_exact else least[places // CELL]
    for row in counting.tolist():
        reach = at_least.copy()
        for number_of in np.flatnonzero(credit[row, items]).tolist():
            posted = entries.part(number_of)
            np.maximum.at(reach, at[posted], credit[row, items[number_of]] * entries.confidence[posted])
        skill += share[row] * reach
    enough = np.flatnonzero(skill >= MIN_SKILL)
    return Skilled(places[enough], skill[enough], is_exact)


def items_to_look_up(share: Values, credit: NDArray[np.float64], least_skill: float) -> tuple[Rows, float]:
    """Which of the need's items have to be looked up to find who is worth `least_skill`, and the share of the others together.

    Items of so small a share that all of them would not do can be left out; of these ways the one with the fewest related items to read.
    """
    smallest_first = np.argsort(share)
    ways = []
    for without in range(len(share)):
        left_out = float(share[smallest_first[:without]].sum())
        if left_out < least_skill:
            counting = smallest_first[without:]
            reach = (least_skill - left_out) / (1 - left_out)
            ways.append((int(np.count_nonzero((credit[counting] >= reach).any(axis=0))), without, left_out))
    _, without, left_out = min(ways)
    return np.sort(smallest_first[without:]), left_out


def compacted(numbers: Rows, size: int) -> tuple[Rows, NDArray[np.int32]]:
    """The different ones of these numbers below `size`, ascending, and for each number its place among them."""
    there = np.zeros(size, dtype=np.bool_)
    there[numbers] = True
    different = np.flatnonzero(there)
    place = np.empty(size, dtype=np.int32)
    place[different] = np.arange(len(different), dtype=np.int32)
    return different, place[numbers]
