"""What the demo's needs of the last weeks have lived through: offered down the ranking of their day, refused by some, done and judged."""

import random
from datetime import datetime, timedelta

from matcher.ranking.ranker import Candidate
from models.dispatching import CONFIRMED_BY_SILENCE
from models.order import DeclineReason
from models.provider import ProviderSummary
from seed.city import City
from seed.lives import Life

# The newest are still being worked on or were just completed.
IN_HAND, JUST_DONE = 14, 6
RECENT = IN_HAND + JUST_DONE
# Shares of those that are over: handed back once, done again once, too late, and confirmed without a word.
HANDED_BACK, REDONE, LATE, SILENT = 0.06, 0.05, 0.06, 0.1
A_WHILE, ONE_DAY = timedelta(hours=5), timedelta(days=1)
# Longer than ten working days with a holiday among them.
LONG_WAIT = timedelta(days=22)
# The community mostly takes the first of the list, and now and then somebody further down.
PLACES = (60, 14, 8, 5, 4, 3, 3, 3)
# How likely somebody says yes: more likely near home and when little was asked of them of late. Learning from the past finds this again.
YES_ANYWAY, YES_BY = 0.2, {"location": 0.55, "balance": 0.2}
MOST_NOES, SILENT_NO = 2, 0.25
NOES = {DeclineReason.NO_TIME: 6, DeclineReason.TOO_FAR: 3, DeclineReason.AWAY: 1}
SCORES = {5: 56, 4: 27, 3: 10, 2: 5, 1: 2}


class Past:
    """`at` is now; nothing happens after it."""

    def __init__(self, city: City, dice: random.Random, at: datetime) -> None:
        self._city, self._dice, self._at = city, dice, at

    def live(self, life: Life, left: int) -> None:
        """`left` counts how many needs are as new as this one or newer."""
        posted_at = life.need.posted_at
        self._go_well(life, posted_at if left <= RECENT else self._troubled(life, posted_at), left)
        self._city.remember(life.moves)

    def _troubled(self, life: Life, at: datetime) -> datetime:
        """What goes before the good end of some: one who cannot come after all, work that did not last, a long wait. The instant from
        which all goes well."""
        trouble, old = self._dice.random(), self._at - at > LONG_WAIT + ONE_DAY
        if trouble < HANDED_BACK:
            back_at = self._taken(life, at) + A_WHILE
            life.handed_back(back_at)
            return back_at
        if trouble < HANDED_BACK + REDONE:
            taken_at = self._taken(life, at)
            life.started(taken_at + A_WHILE).completed(taken_at + 2 * A_WHILE)
            life.judged(self._dice.choice((1, 2)), taken_at + 3 * A_WHILE, resolved=False)
            return taken_at + 3 * A_WHILE
        return at + LONG_WAIT if trouble > 1 - LATE and old else at

    def _go_well(self, life: Life, at: datetime, left: int) -> None:
        taken_at = self._taken(life, at, gladly=left <= RECENT)
        if left <= IN_HAND // 2:
            return
        started_at = taken_at + self._minutes(10, 60)
        life.started(started_at)
        if left <= IN_HAND:
            return
        ended_at = started_at + self._minutes(20, 90)
        life.completed(ended_at)
        if left > RECENT:
            self._end(life, ended_at)

    def _end(self, life: Life, ended_at: datetime) -> None:
        if self._dice.random() < SILENT and ended_at + CONFIRMED_BY_SILENCE <= self._at:
            life.confirmed(ended_at + CONFIRMED_BY_SILENCE)
            return
        score = self._dice.choices(list(SCORES), weights=list(SCORES.values()))[0]
        life.judged(score, min(self._at, ended_at + timedelta(hours=self._dice.randint(1, 40))))

    def _taken(self, life: Life, at: datetime, *, gladly: bool = False) -> datetime:
        """Offered to one after the other until somebody says yes, `gladly` the first; when they did."""
        for noes in range(MOST_NOES + 1):
            at += self._minutes(1, 5)
            willing = self._offered(life, at)
            if gladly or noes == MOST_NOES or self._dice.random() < willing:
                break
            at = self._refused(life, at)
        at += self._minutes(3, 20)
        life.accepted(at)
        return at

    def _offered(self, life: Life, at: datetime) -> float:
        """Writes the offer and its decision; how likely the answer is yes."""
        need, asked = life.need, tuple(order.provider.ref for order in life.orders)
        view = self._city.seen(need, at, asked)
        best = self._city.best(view, len(PLACES))
        chosen = self._dice.choices(best, weights=PLACES[: len(best)])[0] if best else None
        person = self._city[chosen.ref] if chosen else self._city.anybody(self._dice, asked)
        life.offered(ProviderSummary(person.kind, person.id, person.name), at)
        life.decisions.append(self._city.decision(view, need, life.orders[-1]))
        return willingness(chosen) if chosen else 1.0

    def _refused(self, life: Life, at: datetime) -> datetime:
        ends_at = life.orders[-1].expires_at
        if ends_at is not None and self._dice.random() < SILENT_NO:
            life.expired(ends_at)
            return ends_at
        at += self._minutes(5, 60)
        life.declined(at, self._dice.choices(list(NOES), weights=list(NOES.values()))[0])
        return at

    def _minutes(self, low: int, high: int) -> timedelta:
        return timedelta(minutes=self._dice.randint(low, high))


def willingness(candidate: Candidate) -> float:
    return YES_ANYWAY + sum(share * candidate.contributions[code].value for code, share in YES_BY.items())
