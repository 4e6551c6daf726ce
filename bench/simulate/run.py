"""Some weeks of one city under one policy: a queue of events, each changing the columns as the service would."""

import heapq
from collections.abc import Callable
from functools import partial

import numpy as np

from bench.simulate.behaviour import Behaviour, Tiredness
from bench.simulate.city import City, SimNeed
from bench.simulate.clock import OFFER_MINUTES, WEEK, is_quiet, later, morning_after, waking_minutes
from bench.simulate.ledger import Ledger
from bench.simulate.measures import Tale, measured
from bench.simulate.opened import Logged, Open, Seen
from bench.simulate.policies import Choice, Policy, Situation
from matcher.ranking.columns import Rows
from matcher.ranking.query import View

TRY_AGAIN = {4: 5.0, 3: 30.0, 2: 60.0, 1: 120.0}


class Run:
    """`log_until`: decisions before this minute are logged for learning."""

    def __init__(self, city: City, behaviour: Behaviour, policy: Policy, log_until: float = 0.0) -> None:
        self._city, self._behaviour, self._policy = city, behaviour, policy
        self._columns = city.columns()
        self._refs = [self._columns.ref_at(row) for row in range(self._columns.size)]
        self._tired = Tiredness.rested(self._columns.size)
        self._ledger = Ledger(self._columns, city.providers)
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._turn = 0
        self._log_until = log_until
        self.logged: list[Logged] = []
        self.seen: list[Seen] = []
        self.tales: list[Tale] = []
        self.taken: list[tuple[float, int]] = []

    def play(self, weeks: int) -> "Run":
        for need in self._city.needs:
            self._at(need.arrives, partial(self._arrive, need))
        for week in range(1, weeks):
            self._at(week * WEEK, partial(self._end_week, week))
        while self._events:
            minute, _, act = heapq.heappop(self._events)
            act(minute)
        return self

    def result(self, since: float, able: Rows) -> dict[str, float]:
        """Of the needs that came in from this minute on."""
        orders = np.zeros(self._columns.size)
        for minute, row in self.taken:
            orders[row] += minute >= since
        still = able[self._ledger.active[able]]
        left = int(np.count_nonzero(~self._ledger.active))
        return measured([tale for tale in self.tales if tale.arrives >= since], orders, still, left)

    def _at(self, minute: float, act: Callable[[float], None]) -> None:
        self._turn += 1
        heapq.heappush(self._events, (minute, self._turn, act))

    def _arrive(self, need: SimNeed, minute: float) -> None:
        open_ = Open(need, Tale(need.arrives, need.urgency))
        self.tales.append(open_.tale)
        self._advance(open_, minute)

    def _advance(self, open_: Open, minute: float) -> None:
        """Asks whom the policy chooses now."""
        need = open_.need
        if open_.tale.accepted_at is not None or minute >= need.until:
            return
        open_.turn += 1
        if is_quiet(minute, need.urgency):
            self._ask_on(open_, morning_after(minute))
            return
        view = View(need.asked_at(minute, tuple(open_.asked)), self._columns, self._city.catalogue)
        left = waking_minutes(minute, need.until, need.urgency)
        pending = np.asarray(list(open_.pending), dtype=np.intp)
        logs = minute < self._log_until
        choice = self._policy.choose(Situation(self._city.seed, need, minute, left, view, self._tired, pending, logs))
        if len(choice.rows):
            self._ask(open_, choice, view, minute)
        else:
            self._ask_on(open_, later(minute, choice.gap or TRY_AGAIN[need.urgency], need.urgency))

    def _ask_on(self, open_: Open, minute: float) -> None:
        """At that moment, unless the policy has been asked before it."""
        turn = open_.turn
        self._at(minute, lambda at: self._advance(open_, at) if open_.turn == turn else None)

    def _ask(self, open_: Open, choice: Choice, view: View, minute: float) -> None:
        need = open_.need
        chance = self._behaviour.chance(view, choice.rows, minute, self._tired)
        answers = self._behaviour.answers(need, choice.rows, chance)
        expires = min(later(minute, OFFER_MINUTES[need.urgency], need.urgency), need.until)
        open_.attempt += 1
        open_.asks_on = choice.gap is not None
        if choice.gap is not None:
            self._ask_on(open_, later(minute, choice.gap, need.urgency))
        open_.tale.offers += len(answers)
        logged = self._log(open_, choice, view, minute)
        for row, (yes, delay), log in zip(choice.rows.tolist(), answers, logged, strict=True):
            open_.asked.append(self._refs[row])
            open_.pending[row] = log
            self._ledger.asked(row, minute)
            self._tired.add(row, minute, calls=1.0)
            answers_at = later(minute, delay, need.urgency) if np.isfinite(delay) else np.inf
            told = answers_at < expires
            fit = float(view.distance_km()[row]), float(view.skill()[row])
            self._at(min(answers_at, expires), partial(self._answer, open_, row, yes and told, told, fit))

    def _log(self, open_: Open, choice: Choice, view: View, minute: float) -> list[Logged | None]:
        """For each who is asked what learning will see of them, with the answer still to come."""
        if minute >= self._log_until or not len(choice.kept):
            return [None] * len(choice.rows)
        need = open_.need
        hidden = self._behaviour.chance(view, choice.kept, minute, self._tired)
        self.seen.append(Seen(need.number, need.urgency, choice.values, hidden))
        around = choice.values.mean(axis=0)
        return [
            Logged(need.number, need.urgency, open_.attempt, place, choice.values[place - 1], around, 0.0)
            for place in range(1, len(choice.rows) + 1)
        ]

    def _answer(self, open_: Open, row: int, yes: bool, told: bool, fit: tuple[float, float], minute: float) -> None:
        """An acceptance, a refusal or silence; nothing where somebody else was first."""
        if row not in open_.pending:
            return
        logged = open_.pending.pop(row)
        yes = yes and self._ledger.has_room(row)
        self._ledger.answered(row)
        if logged is not None:
            logged.success = float(yes)
            self.logged.append(logged)
        if yes:
            self._take(open_, row, fit, minute)
            return
        self._tired.refusals_in_a_row[row] += 1
        if not open_.pending or (told and open_.asks_on):
            self._advance(open_, minute)

    def _take(self, open_: Open, row: int, fit: tuple[float, float], minute: float) -> None:
        self._ledger.accepted(row, minute)
        self._tired.add(row, minute, orders=1.0)
        self._tired.refusals_in_a_row[row] = 0
        open_.tale.accepted_at = minute
        open_.tale.distance_km, open_.tale.skill = fit
        open_.pending.clear()
        self.taken.append((minute, row))
        self._at(minute + self._behaviour.service_minutes(open_.need), lambda _: self._ledger.finished(row))

    def _end_week(self, week: int, minute: float) -> None:
        leaving = self._behaviour.leavers(week, self._tired)
        self._ledger.drop_out(leaving)
        self._tired.calls_this_week[:] = 0
        self._policy.new_week(week)
