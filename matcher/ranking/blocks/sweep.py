"""The exact best rows by branch and bound: the most promising blocks first, until no block left can hold a better row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.blocks.bounds import HOPES, exceptions, may_pass, most_points
from matcher.ranking.blocks.order import CELL, WORD, WORDS_IN_CELL, within
from matcher.ranking.blocks.outlook import Outlook
from matcher.ranking.blocks.postings import Postings
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import Mask, Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import MIN_SKILL, RULES, sift
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.query import View
from matcher.ranking.scoring import DECIMALS, best, rounded_km, score_of
from models.weights import Weights

# Blocks that are looked at together: few at first, while each look may raise the bar, then more and more.
FIRST_CELLS, FIRST_ROWS, GROWTH = 64, 128, 4
# Past this part of all rows a plain scan is cheaper.
GIVE_UP_PART = 0.25
# This rule leaves the fewest rows for the least work; the others look at what is left.
FIRST_RULE = "area"
NOTHING: Mapping[str, Values] = {}
# The criterion and the rule of this name are worked out for each row before it is looked at.
KNOWN = ("skill",)


@dataclass(frozen=True, slots=True)
class Prospects:
    """Cells or rows with the most that they can score, the least distance that they can have, and the least id.

    `known` is what the view of these rows need not work out again.
    """

    rows: Rows
    bound: Values
    nearest_km: Values
    id_least: NDArray[np.uint64]
    known: Mapping[str, Values]

    def only(self, places: Mask | Rows | slice) -> "Prospects":
        kept = (self.rows[places], self.bound[places], self.nearest_km[places], self.id_least[places])
        return Prospects(*kept, {name: values[places] for name, values in self.known.items()})

    def divided(self, count: int) -> tuple["Prospects", "Prospects"]:
        """The best `count` in no order, and the others."""
        if len(self.rows) <= count:
            return self, self.only(slice(0, 0))
        chosen = self.bound >= np.partition(self.bound, -count)[-count]
        if np.count_nonzero(chosen) > count:
            level = np.flatnonzero(chosen)
            chosen[level[np.lexsort((self.id_least[level], self.nearest_km[level], -self.bound[level]))[count:]]] = False
        return self.only(chosen), self.only(~chosen)


class Top:
    """The best rows found so far, and the bar that a row must pass to join them."""

    def __init__(self, view: View, weights: Weights, limit: int) -> None:
        self._view, self._weights, self._limit = view, weights, limit
        self.rows: Rows = np.arange(0)
        self._score = self._distance = np.zeros(0)
        self.seen = 0
        self._bar: tuple[float, float, int] | None = None

    @property
    def is_full(self) -> bool:
        return self._bar is not None

    def look_at(self, rows: Rows, known: Mapping[str, Values] = NOTHING) -> None:
        """`known` spares working it out again. No row is given twice."""
        self.seen += len(rows)
        passing = sieved(self._view.only(rows, known))
        everyone = np.arange(passing.size)
        rows = np.concatenate([self.rows, passing.columns.whole])
        score = np.concatenate([self._score, score_of(passing, everyone, self._weights)])
        distance = np.concatenate([self._distance, rounded_km(passing, everyone)])
        places = best(Excerpt(self._view.table, rows), score, distance, self._limit)
        self.rows, self._score, self._distance = rows[places], score[places], distance[places]
        if len(places) == self._limit:
            last = int(self.rows[-1])
            least_id = 0 if self._view.table.has_odd_ids else self._view.table.fixed["id_high"].item(last)
            self._bar = float(self._score[-1]), float(self._distance[-1]), least_id

    def open(self, prospects: Prospects) -> Mask:
        """What may join the best: compared as rows are, by score, distance and id."""
        if self._bar is None:
            return np.ones(len(prospects.rows), dtype=np.bool_)
        score, distance, id = self._bar
        nearer = (prospects.nearest_km < distance) | (
            (prospects.nearest_km == distance) & ((prospects.id_least <= id) | (id == 0))
        )
        return np.asarray((prospects.bound > score) | ((prospects.bound == score) & nearer), dtype=np.bool_)


def sieved(view: View) -> View:
    """The live rows that pass every rule."""
    view = view.only(np.flatnonzero(view.columns.live & RULES[FIRST_RULE].passes(view)))
    passing = np.ones(view.size, dtype=np.bool_)
    for code, rule in RULES.items():
        if code != FIRST_RULE:
            passing &= rule.passes(view)
    return view.only(np.flatnonzero(passing))


def sweep(view: View, blocks: Blocks, weights: Weights, limit: int) -> Rows | None:
    """The best rows of the columns, in order; None when so many had to be looked at that a scan is cheaper."""
    top = Top(view, weights, limit)
    plain = plain_rows(view, blocks)
    top.look_at(plain)
    plain = plain[plain < blocks.rows]
    shares = weights.shares(tuple(CRITERIA))
    for cells in most_promising(prospects_of(view, blocks, shares), top, FIRST_CELLS):
        rows = prospects_in(np.sort(cells.rows), view, blocks, shares)
        rows = rows.only(top.open(rows))
        if len(plain):
            rows = rows.only(~np.isin(rows.rows, plain))
        if top.is_full:
            rows = refined(rows, view, shares)
        for chosen in most_promising(rows, top, FIRST_ROWS):
            top.look_at(chosen.rows, chosen.known)
            if top.seen > GIVE_UP_PART * view.table.size:
                return None
    return top.rows


def refined(rows: Prospects, view: View, shares: Mapping[str, float]) -> Prospects:
    """With the true evidence of the text in the place of what was promised, for a block can promise nothing better than 1."""
    if not shares["text"] or not view.query.terms:
        return rows
    text = view.only(rows.rows).text()
    true = np.round(shares["text"] * np.round(text, DECIMALS), DECIMALS)
    bound = np.round(rows.bound - np.round(shares["text"], DECIMALS) + true, DECIMALS)
    return replace(rows, bound=bound, known={**rows.known, "text": text})


def most_promising(left: Prospects, top: Top, first: int) -> Iterator[Prospects]:
    """In groups of growing size, best first, what may still be among the best: the bar may rise from one group to the next."""
    while len((left := left.only(top.open(left))).rows):
        group, left = left.divided(first)
        yield group
        first *= GROWTH


def prospects_of(view: View, blocks: Blocks, shares: Mapping[str, float]) -> Prospects:
    """The cells in which somebody may pass every rule, with what they could score at most."""
    outlook = Outlook(view, blocks.cells, np.arange(blocks.cells.size))
    outlook = outlook.only(np.flatnonzero(may_pass(outlook)))
    bound = np.round(most_points(outlook, shares), DECIMALS)
    return Prospects(outlook.blocks, bound, outlook.at_least_km, outlook.figure("id_least"), {})


def prospects_in(cells: Rows, view: View, blocks: Blocks, shares: Mapping[str, float]) -> Prospects:
    """The rows of these cells that can do something of what is needed, with what each can score at most.

    Skill is known by row; the rest is as good as it gets in the row's word. A need without services is everybody's.
    """
    words = Outlook(view, blocks.words, within(cells, WORDS_IN_CELL))
    places, skill = skill_in(cells, view, blocks.postings)
    passing = may_pass(words, KNOWN)[places // WORD]
    places, skill = places[passing], skill[passing]
    word = places // WORD
    own = np.round(shares["skill"] * np.round(skill, DECIMALS), DECIMALS)
    bound = np.round(most_points(words, shares, KNOWN)[word] + own, DECIMALS)
    rows = cells[places // CELL] * CELL + places % CELL
    ids = view.table.fixed["id_high"][rows]
    return Prospects(rows, bound, words.at_least_km[word], ids, {"skill": skill})


def skill_in(cells: Rows, view: View, postings: Postings) -> tuple[Rows, Values]:
    """Places among the rows of these cells, of those skilled enough, and what each is worth for the need, as `View.skill` has it."""
    shares = view.shares()
    if not shares:
        everyone = np.arange(len(cells) * CELL)
        return everyone, np.zeros(len(everyone))
    credit = view.catalogue.credit[[item for item, _ in shares]].astype(np.float64)
    related = np.flatnonzero(credit.any(axis=0))
    entries = postings.of(cells, related)
    places, at = compacted(entries.places, len(cells) * CELL)
    skill = np.zeros(len(places))
    for own, (_, share) in zip(credit, shares, strict=True):
        reach = np.zeros(len(places))
        for number in np.flatnonzero(own[related]):
            part = entries.part(int(number))
            reach[at[part]] = np.maximum(reach[at[part]], own[related[number]] * entries.confidence[part])
        skill += share * reach
    enough = skill >= MIN_SKILL
    return places[enough], skill[enough]


def compacted(numbers: Rows, size: int) -> tuple[Rows, NDArray[np.int32]]:
    """The different ones of these numbers below `size`, ascending, and for each number its place among them."""
    there = np.zeros(size, dtype=np.bool_)
    there[numbers] = True
    different = np.flatnonzero(there)
    place = np.empty(size, dtype=np.int32)
    place[different] = np.arange(len(different))
    return different, place[numbers]


def plain_rows(view: View, blocks: Blocks) -> Rows:
    """The rows that the bounds do not speak of: the tail, those changed since their block was sketched, and the exceptions."""
    table = view.table
    touched = np.fromiter(table.touched, dtype=np.intp, count=len(table.touched))
    return np.unique(np.concatenate([np.arange(blocks.rows, table.size), touched, exceptions(view.query, table)]))


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
