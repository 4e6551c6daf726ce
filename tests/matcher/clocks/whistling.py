"""The whistles of a month: of the called units some come in time, some late, some never; some whistles are closed early, some never."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random
from typing import Any

from matcher.dispatch.desk import Desk
from matcher.dispatch.whistle.blowing import Blow
from models.account import Principal, ProviderRef
from models.called_unit import Rating
from models.organisation import Organisation
from models.store import Store
from models.vocabulary import OrganisationType, Role
from models.whistle import USUAL_MINUTES
from models.whistle_states import UnitStatus
from tests.make import organisation
from tests.matcher.office import own

UNITS_EACH, WHISTLES_EACH = 3, 3
# Minutes from the call: to the report-in of a unit, and to the closing, drawn evenly; None for what never comes.
COMING = ((2, 29), (2, 29), (30, 30), (31, 400), None)
CLOSING = ((5, 25), (60, 300), (500, 3_000), None)
CAME = {UnitStatus.REPORTED: "whistle.reported", UnitStatus.LATE: "whistle.late"}


@dataclass
class Called:
    """What is going to happen with one whistle, as the lot has it."""

    id: str
    place: str
    due_at: datetime
    comes_at: dict[ProviderRef, datetime | None]
    closes_at: datetime | None

    def expected(self, ref: ProviderRef) -> UnitStatus:
        """By the words of 吹哨报到, and not by what the service made of them."""
        comes_at, closes_at = self.comes_at[ref], self.closes_at
        if comes_at is not None and (closes_at is None or comes_at < closes_at):
            return UnitStatus.REPORTED if comes_at < self.due_at else UnitStatus.LATE
        return UnitStatus.EXCUSED if closes_at is not None and closes_at < self.due_at else UnitStatus.ABSENT

    def history(self, ref: ProviderRef) -> dict[str, datetime]:
        """Who is late was absent before, unless it came at the very instant."""
        end, comes_at, told = self.expected(ref), self.comes_at[ref], dict[str, datetime]()
        if end == UnitStatus.ABSENT or (end == UnitStatus.LATE and comes_at != self.due_at):
            told["whistle.absent"] = self.due_at
        if end in CAME and comes_at is not None:
            told[CAME[end]] = comes_at
        return told


class Whistling:
    """An agenda beside the timers: `next_at` is when its next entry is due, `go_on` carries that out when it is."""

    def __init__(self, store: Store, desk: Desk, seed: str) -> None:
        self._store, self._desk, self._dice = store, desk, Random(f"{seed}:whistles")
        self._agenda: list[tuple[datetime, int, Callable[[], Coroutine[Any, Any, object]]]] = []
        self.called: list[Called] = []

    async def open(self, communities: list[str], begin: datetime, days: int) -> None:
        for place in communities:
            made = {"region": place, "type": OrganisationType.DEPARTMENT}
            units = [organisation(name=f"测试单位{number}", **made) for number in range(UNITS_EACH)]
            for unit in units:
                await self._store.providers.add(unit)
            for _ in range(WHISTLES_EACH):
                at = begin + timedelta(minutes=self._dice.randrange(days * 24 * 60))
                self._plan(at, partial(self._blow, place, units, at))

    @property
    def next_at(self) -> datetime | None:
        return self._agenda[0][0] if self._agenda else None

    async def go_on(self) -> None:
        _, _, work = heappop(self._agenda)
        await work()

    def _plan(self, at: datetime, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        heappush(self._agenda, (at, self._dice.getrandbits(60), work))

    def _drawn(self, at: datetime, ways: tuple[tuple[int, int] | None, ...]) -> datetime | None:
        minutes = self._dice.choice(ways)
        return at + timedelta(minutes=self._dice.randint(*minutes)) if minutes else None

    async def _blow(self, place: str, units: list[Organisation], at: datetime) -> None:
        told = Blow(region=place, text="河堤有险情", units=tuple(unit.ref for unit in units))
        whistle = await self._desk.whistles.blow(caller_of(place), told)
        comes_at = {unit.ref: self._drawn(at, COMING) for unit in units}
        called = Called(whistle.id, place, at + timedelta(minutes=USUAL_MINUTES), comes_at, self._drawn(at, CLOSING))
        self.called.append(called)
        if called.closes_at is not None:
            self._plan(called.closes_at, partial(self._close, called))
        for unit in units:
            when = comes_at[unit.ref]
            if when is not None and called.expected(unit.ref) in CAME:
                self._plan(when, partial(self._desk.whistles.report_in, own(unit), whistle.id, None))

    async def _close(self, called: Called) -> None:
        came = [ref for ref in called.comes_at if called.expected(ref) in CAME]
        ratings = {ref: Rating(4) for ref in came}
        await self._desk.whistles.close(caller_of(called.place), called.id, "已处置", ratings, {})


def caller_of(place: str) -> Principal:
    return Principal(f"caller-{place}", Role.COMMUNITY, "测试社区", place, None)


async def hold_to_record(store: Store, called: Called) -> Counter[str]:
    """Each unit stands where it must, with the events that tell so at the instants at which it came or did not; of each that was
    absent, the unit, the caller and the street were told."""
    whistle = await store.whistles.get(called.id)
    assert whistle is not None
    events = await store.events.of_subject(f"whistle:{called.id}")
    absent = 0
    for each in whistle.units:
        ref = each.unit.ref
        assert each.status == called.expected(ref)
        history = called.history(ref)
        assert {event.action: event.at for event in events if event.on_behalf_of == str(ref)} == history
        absent += "whistle.absent" in history
    rows = await store.database["outbox"].find({"kind": "whistle.absent", "whistle_id": called.id}).to_list()
    told = Counter(row["recipient"]["kind"] for row in rows)
    assert told == Counter({"provider": absent, "account": absent, "overseers": absent}) if absent else not told
    assert {row["recipient"]["key"] for row in rows if row["recipient"]["kind"] == "overseers"} <= {called.place[:9]}
    return Counter(f"unit {each.status}" for each in whistle.units)
