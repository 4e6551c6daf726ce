"""The exact best rows by branch and bound: the most promising blocks first, until no block left can hold a better row."""

from collections.abc import Iterator, Mapping

import numpy as np

from matcher.ranking.blocks.bounds import HOPES, exceptions
from matcher.ranking.blocks.order import CELL, WORD, within
from matcher.ranking.blocks.outlook import Outlook
from matcher.ranking.blocks.prospects import Prospects, cells_of, rows_in
from matcher.ranking.blocks.reach import skilled_in
from matcher.ranking.blocks.top import Top
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import RULES, sift
from matcher.ranking.query import View
from matcher.ranking.scoring import UNITS, points_of
from models.weights import Weights

# Blocks that are looked at together: few at first, while each look may raise the bar, then more and more.
FIRST_CELLS, FIRST_ROWS, GROWTH = 32, 64, 4
# Once there is a bar, only few are looked up in each cell.
CELLS_UNDER_A_BAR = 1024
# Worth so much for the need are those who are to set the first bar.
FIRST_SKILL = 0.3
# The rule that reads what the criterion has worked out.
RULE_OF = {"skill": "skill", "availability": "available"}
# In so few cells with so few skilled rows all of them are looked at.
FEW_CELLS, FEW_ROWS = 100, 16384
# Past this part of all rows a plain scan is cheaper.
GIVE_UP_PART = 0.25


def sweep(view: View, blocks: Blocks, weights: Weights, limit: int) -> Rows | None:
    """The best rows of the columns, in order; None when so many had to be looked at that a scan is cheaper."""
    top, shares = Top(view, weights, limit), weights.shares(tuple(CRITERIA))
    cells = cells_of(view, blocks, shares)
    if looked_at_all(top, cells, view, blocks):
        return top.rows
    done = begin(top, cells, view, blocks, shares)
    for group in most_promising(cells, top, FIRST_CELLS if top.bar is None else CELLS_UNDER_A_BAR):
        rows = rows_in(group.rows, least_skill(group, top, shares), view, blocks, shares)
        rows = refined(rows.only(top.open(rows)).without(done), top, view, shares)
        for chosen in most_promising(rows, top, GROWTH * FIRST_ROWS):
            top.look_at(chosen.rows, chosen.known)
            if top.seen > GIVE_UP_PART * view.table.size:
                return None
    return top.rows


def looked_at_all(top: Top, cells: Prospects, view: View, blocks: Blocks) -> bool:
    """Where few have any skill for the need, it takes less to look at all of them than to find out whom not to look at."""
    if not view.query.services or len(cells.rows) > FEW_CELLS:
        return False
    ascending = np.sort(cells.rows)
    found = skilled_in(ascending, np.zeros(len(ascending)), view, blocks.postings)
    if len(found.places) > FEW_ROWS:
        return False
    plain = plain_rows(view, blocks)
    rows = ascending[found.places // CELL] * CELL + found.places % CELL
    fresh = ~np.isin(rows, plain[plain < blocks.rows])
    skill = np.concatenate([view.only(plain).skill(), found.skill[fresh]])
    top.look_at(np.concatenate([plain, rows[fresh]]), {"skill": skill})
    return True


def begin(top: Top, cells: Prospects, view: View, blocks: Blocks, shares: Mapping[str, float]) -> Rows:
    """Look at the rows of which the bounds do not speak, and for a first bar at some of the most promising others. Those looked at."""
    done = plain_rows(view, blocks)
    near, _ = cells.divided(FIRST_CELLS)
    if len(near.rows):
        rows = rows_in(near.rows, np.full(len(near.rows), FIRST_SKILL), view, blocks, shares)
        rows, _ = rows.without(done).divided(GROWTH * FIRST_ROWS)
        rows, _ = refined(rows, top, view, shares).divided(FIRST_ROWS)
        done = np.sort(np.concatenate([done, rows.rows]))
    top.look_at(done)
    return done


def least_skill(cells: Prospects, top: Top, shares: Mapping[str, float]) -> Values:
    """By cell: who is worth less for the need cannot join the best, were everything else as good as it gets there."""
    if top.bar is None or not shares["skill"]:
        return np.zeros(len(cells.rows))
    # Value and points are rounded: two millionths are more than both roundings.
    return (top.bar - (cells.bound - cells.promised["skill"]) - 2 / UNITS) / shares["skill"]


def refined(rows: Prospects, top: Top, view: View, shares: Mapping[str, float]) -> Prospects:
    """Those who are still in question once what was promised for their word is worked out for each of them."""
    for code in tuple(rows.promised):
        seen = view.only(rows.rows, rows.known)
        value = CRITERIA[code].measure(seen, np.arange(seen.size))
        rows = rows.knowing(code, points_of(shares[code], value), seen.worked_out())
        left = top.open(rows)
        if code in RULE_OF:
            left &= RULES[RULE_OF[code]].passes(seen)
        rows = rows.only(left)
    return rows


def most_promising(left: Prospects, top: Top, first: int) -> Iterator[Prospects]:
    """In groups of growing size, best first, what may still be among the best: the bar may rise from one group to the next."""
    while len((left := left.only(top.open(left))).rows):
        group, left = left.divided(first)
        yield group
        first *= GROWTH


def plain_rows(view: View, blocks: Blocks) -> Rows:
    """The rows that the bounds do not speak of, ascending: those changed since their block was sketched, the exceptions, the tail."""
    table = view.table
    touched = np.fromiter(table.touched, dtype=np.intp, count=len(table.touched))
    odd = np.concatenate([touched, exceptions(view.query, table)])
    odd = np.unique(odd[odd < blocks.rows]) if len(odd) else odd
    return np.concatenate([odd, np.arange(blocks.rows, table.size)])


def sift_within(view: View, blocks: Blocks) -> tuple[Rows, dict[str, int]]:
    """As `sift` over everyone. Whole blocks out of reach are counted without a look, so the rule of the area has to be the first."""
    if next(iter(RULES)) != "area":
        return sift(view)
    words = Outlook(view, blocks.words, np.arange(blocks.words.size))
    rows = np.union1d(plain_rows(view, blocks), within(np.flatnonzero(HOPES["area"](words)), WORD))
    rows = rows[view.table.fixed["live"][rows]]
    left, excluded = sift(view.only(rows))
    away = len(view.table) - len(rows)
    if away:
        excluded = {"area": excluded.pop("area", 0) + away} | excluded
    return rows[left], excluded
