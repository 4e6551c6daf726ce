"""The demo city as it stood at each moment of its invented past, as the ranking saw it then."""

from collections.abc import Iterable
from datetime import datetime
from heapq import heappop, heappush
from random import Random

import numpy as np

from matcher.dispatch.context import Context
from matcher.ranking.query import View, query_of
from matcher.ranking.ranker import Candidate, eligible_rows, score_rows
from matcher.tuning.decisions import decision_of
from models.account import ProviderRef
from models.decision import Decision
from models.need import Need
from models.order import Order
from models.provider import Provider
from models.weights import Weights
from seed.lives import Move


class City:
    """`context` has columns of its own, filled here: they go along with the past, and nothing that serves reads them."""

    def __init__(self, context: Context, weights: Weights, people: Iterable[Provider]) -> None:
        self._context, self._weights = context, weights
        self._people = {each.ref: each for each in people}
        self._moves: list[tuple[datetime, int, Move]] = []
        self._count = 0
        for each in self._people.values():
            context.columns.put(each)

    def __getitem__(self, ref: ProviderRef) -> Provider:
        return self._people[ref]

    def anybody(self, dice: Random, asked: tuple[ProviderRef, ...]) -> Provider:
        """For a need that nobody may be offered: the community finds somebody all the same."""
        return dice.choice([each for each in self._people.values() if each.ref not in asked])

    def remember(self, moves: Iterable[Move]) -> None:
        """What has been done counts from its own instant on."""
        for each in moves:
            self._count += 1
            heappush(self._moves, (each.at, self._count, each))

    def seen(self, need: Need, at: datetime, asked: tuple[ProviderRef, ...]) -> View:
        """Those who may be offered the need now."""
        while self._moves and self._moves[0][0] <= at:
            move = heappop(self._moves)[-1]
            moved = self._people[move.ref] = move.of(self._people[move.ref])
            self._context.columns.put(moved)
        query = query_of(need, self._context.catalogue, self._context.regions, asked, at=at)
        rows = eligible_rows(query, self._context.columns, self._context.catalogue)
        return View(query, self._context.columns, self._context.catalogue, rows)

    def best(self, view: View, limit: int) -> tuple[Candidate, ...]:
        return score_rows(view, np.arange(view.size), self._weights, limit)

    def decision(self, view: View, need: Need, order: Order) -> Decision:
        """As it is kept of every offer; see matcher/tuning/decisions.py."""
        return decision_of(self._context, view, self._weights, need, [order])
