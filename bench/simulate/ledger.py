"""What the service counts of each provider, kept in the columns as it would be: offers asked, answered, accepted, load, recent work."""

from dataclasses import replace
from typing import Any

import numpy as np

from bench.simulate.clock import moment
from matcher.ranking.columns import Columns, Mask, Rows
from models.budget import day_number, monday_of
from models.provider import Provider
from models.workload import work_at


class Ledger:
    """`active` is who has not dropped out, by row."""

    def __init__(self, columns: Columns, providers: tuple[Provider, ...]) -> None:
        self._columns = columns
        self._providers = {row: provider for provider in providers for row in columns.rows_of([provider.ref]).tolist()}
        self.active: Mask = np.ones(columns.size, dtype=np.bool_)

    def asked(self, row: int, minute: float) -> None:
        now, day = self._providers[row], day_number(moment(minute))
        self._put(
            row,
            asked_day=day,
            asked_today=now.asked_today + 1 if now.asked_day == day else 1,
            asked_week=now.asked_week + 1 if now.asked_day >= monday_of(day) else 1,
        )

    def has_room(self, row: int) -> bool:
        now = self._providers[row]
        return now.active and now.load < now.capacity

    def answered(self, row: int) -> None:
        """A refusal and silence are answers too."""
        self._put(row, answered=self._providers[row].answered + 1)

    def accepted(self, row: int, minute: float) -> None:
        now = self._providers[row]
        work = now.recent_work + work_at(moment(minute))
        self._put(row, accepted_count=now.accepted_count + 1, load=now.load + 1, recent_work=work)

    def finished(self, row: int) -> None:
        self._put(row, load=self._providers[row].load - 1)

    def drop_out(self, rows: Rows) -> None:
        for row in rows.tolist():
            self._put(row, active=False)
        self.active[rows] = False

    def _put(self, row: int, **changes: Any) -> None:
        self._providers[row] = replace(self._providers[row], **changes)
        self._columns.put(self._providers[row])
