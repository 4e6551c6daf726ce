"""Cells, and then rows in them, with the most that each can score."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.blocks.bounds import HOPES, bound_of, may_pass, most_points
from matcher.ranking.blocks.order import CELL, WORD
from matcher.ranking.blocks.outlook import Outlook
from matcher.ranking.blocks.reach import skilled_in
from matcher.ranking.blocks.sketch import LAST_BITS
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import Mask, Rows, Values
from matcher.ranking.query import View
from matcher.ranking.scoring import points_of, rounded

# The hope that leaves the fewest cells for the least work.
FIRST_HOPE = "area"


@dataclass(frozen=True, slots=True)
class Prospects:
    """Cells or rows with the most that they can score, the least distance that they can have, and the least id.

    `promised` is the part of the most that each of some criteria has; `known` is what the view of these rows need not work out again.
    """

    rows: Rows
    bound: Values
    nearest_km: Values
    id_least: NDArray[np.uint64]
    promised: Mapping[str, Values]
    known: Mapping[str, Values]

    def only(self, places: Mask | Rows | slice) -> "Prospects":
        if isinstance(places, np.ndarray) and places.dtype == np.bool_:
            places = np.flatnonzero(places)
        kept = (self.rows[places], self.bound[places], self.nearest_km[places], self.id_least[places])
        parts = ({name: values[places] for name, values in some.items()} for some in (self.promised, self.known))
        return Prospects(*kept, *parts)

    def knowing(self, code: str, points: Values, known: Mapping[str, Values]) -> "Prospects":
        """With what a criterion truly gives in the place of what was promised."""
        promised = dict(self.promised)
        bound = rounded(self.bound - promised.pop(code) + points)
        return Prospects(self.rows, bound, self.nearest_km, self.id_least, promised, {**self.known, **known})

    def without(self, rows: Rows) -> "Prospects":
        """`rows` ascending."""
        if not len(rows):
            return self
        return self.only(rows[np.minimum(np.searchsorted(rows, self.rows), len(rows) - 1)] != self.rows)

    def divided(self, count: int) -> tuple["Prospects", "Prospects"]:
        """The best `count` in no order, and the others."""
        if len(self.rows) <= count:
            return self, self.only(slice(0, 0))
        chosen = self.bound >= np.partition(self.bound, -count)[-count]
        if np.count_nonzero(chosen) > count:
            level = np.flatnonzero(chosen)
            chosen[level[np.lexsort((self.id_least[level], self.nearest_km[level], -self.bound[level]))[count:]]] = False
        return self.only(chosen), self.only(~chosen)


def cells_of(view: View, blocks: Blocks, shares: Mapping[str, float]) -> Prospects:
    """The cells in which somebody may pass every rule."""
    outlook = Outlook(view, blocks.cells, np.arange(blocks.cells.size))
    outlook = outlook.only(np.flatnonzero(HOPES[FIRST_HOPE](outlook)))
    outlook = outlook.only(np.flatnonzero(may_pass(outlook, (FIRST_HOPE,))))
    promised = {"skill": points_of(shares["skill"], outlook.skill + LAST_BITS)}
    bound = rounded(most_points(outlook, shares, promised) + promised["skill"])
    return Prospects(outlook.blocks, bound, outlook.at_least_km, outlook.figure("id_least"), promised, {})


def rows_in(cells: Rows, least_skill: Values, view: View, blocks: Blocks, shares: Mapping[str, float]) -> Prospects:
    """The rows of each of these cells that may be worth so much for the need, with what each can score at most.

    Skill is known by row; the rest is as good as it gets in the row's word. A need without services is everybody's.
    """
    order = np.argsort(cells)
    cells = cells[order]
    found = skilled_in(cells, least_skill[order], view, blocks.postings)
    rows = cells[found.places // CELL] * CELL + found.places % CELL
    word, at = runs(rows // WORD)
    words = Outlook(view, blocks.words, word)
    passing = np.flatnonzero(may_pass(words, ("skill",))[at])
    rows, skill, at = rows[passing], found.skill[passing], at[passing]
    promised = {code: points_of(shares[code], bound_of(code, words)) for code in told_of_rows(view, shares)}
    most = most_points(words, shares, ("skill", *promised))
    bound = rounded(sum(promised.values(), most)[at] + points_of(shares["skill"], skill))
    promised = {code: points[at] for code, points in promised.items()}
    if found.is_exact:
        known = {"skill": skill}
    else:
        known, promised = {}, {"skill": points_of(shares["skill"], skill)} | promised
    return Prospects(rows, bound, words.at_least_km[at], view.table.fixed["id_high"][rows], promised, known)


def told_of_rows(view: View, shares: Mapping[str, float]) -> list[str]:
    """Criteria of which a word knows little, so that they are worked out for each row before it is looked at."""
    told = ["availability"] if view.query.window else []
    return [*told, "text"] if view.query.terms and shares["text"] else told


def runs(ascending: Rows) -> tuple[Rows, Rows]:
    """The different ones of these numbers, and for each number its place among them."""
    new = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return ascending[new], np.cumsum(new) - 1
