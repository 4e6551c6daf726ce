"""What the service counts of each provider, kept in the columns as it would be: offers asked, answered, accepted, load, recent work."""

import numpy as np

from bench.simulate.clock import moment
from matcher.ranking.columns import Columns
from models.budget import day_number, monday_of
from models.workload import work_at, work_exponent


class Ledger:
    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._work = np.zeros(columns.size)

    def asked(self, row: int, minute: float) -> None:
        columns, day = self._columns, day_number(moment(minute))
        last = int(columns.asked_day[row])
        columns.asked_week[row] = min(255, int(columns.asked_week[row]) + 1) if last >= monday_of(day) else 1
        columns.asked_today[row] = min(255, int(columns.asked_today[row]) + 1) if last == day else 1
        columns.asked_day[row] = day

    def has_room(self, row: int) -> bool:
        return bool(self._columns.active[row]) and bool(self._columns.load[row] < self._columns.capacity[row])

    def answered(self, row: int) -> None:
        """A refusal and silence are answers too."""
        self._columns.answered[row] += 1

    def accepted(self, row: int, minute: float) -> None:
        columns = self._columns
        columns.accepted[row] += 1
        columns.load[row] += 1
        self._work[row] += work_at(moment(minute))
        columns.work_exponent[row] = work_exponent(float(self._work[row]))

    def finished(self, row: int) -> None:
        self._columns.load[row] -= 1
