"""Every provider as one row of numpy columns. One writer, readers in the same thread; about 2 kB a provider."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.ranking.traits import traits_of
from models.account import ProviderRef
from models.organisation import Organisation
from models.place import CODE_LENGTHS, Regions, ancestry
from models.provider import Provider
from models.social_worker import SocialWorker
from models.vocabulary import ProviderKind
from models.volunteer import Volunteer
from models.workload import work_exponent

KINDS = tuple(ProviderKind)
KIND_PLACE = {kind: place for place, kind in enumerate(KINDS)}
MAX_SLOTS = 21
MAX_TERMS, MAX_TERM_WEIGHT = 8, 255
MOST = 255
CODE_DIGITS = max(CODE_LENGTHS)
# How far each kind goes when it has named no regions, in km.
REACH_KM = {ProviderKind.VOLUNTEER: 5.0, ProviderKind.SOCIAL_WORKER: 10.0, ProviderKind.ORGANISATION: 10.0}

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


def region_number(code: str) -> int:
    """A region code as an integer of fifteen digits, so that regions above it are integer divisions."""
    return int(code.ljust(CODE_DIGITS, "0"))


def person_number(phone: str) -> int:
    """A phone number as a number that tells persons apart without keeping the phone; 0 for none."""
    if not phone:
        return 0
    return int.from_bytes(hashlib.blake2b(phone.encode(), digest_size=7).digest(), "big") or 1


def term_number(word: str) -> int:
    """A word as 32 bits that are the same in every process; two of a hundred thousand words may share a number."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big", signed=True)


def epoch_minute(at: datetime | None) -> int:
    """Minutes since 1970 fit into 32 bits until 6053; 0 for none."""
    return int(at.timestamp() // 60) if at else 0


class Columns:
    """`put` and `remove` keep a row in step with its document; a freed row is used again."""

    def __init__(self, catalogue: Catalogue, regions: Regions, room: int = 4096) -> None:
        self._catalogue, self._regions = catalogue, regions
        self.ids: list[str] = []
        self.names: list[str] = []
        self.row_of: dict[ProviderRef, int] = {}
        self._free: list[int] = []
        self._serving: dict[int, set[int]] = {}
        self._served_by_row: dict[int, tuple[int, ...]] = {}
        self._holding: dict[int, dict[int, int]] = {}
        self._allocate(room)

    def _allocate(self, room: int) -> None:
        self.live: Mask = np.zeros(room, dtype=np.bool_)
        self.active: Mask = np.zeros(room, dtype=np.bool_)
        self.party_member: Mask = np.zeros(room, dtype=np.bool_)
        self.traits: NDArray[np.uint32] = np.zeros(room, dtype=np.uint32)
        self.kind: NDArray[np.int8] = np.zeros(room, dtype=np.int8)
        self.credential: NDArray[np.int8] = np.zeros(room, dtype=np.int8)
        self.lng: Values = np.full(room, np.nan)
        self.lat: Values = np.full(room, np.nan)
        self.region: NDArray[np.int64] = np.zeros(room, dtype=np.int64)
        self.region_digits: NDArray[np.int8] = np.zeros(room, dtype=np.int8)
        self.reach_km: Values = np.zeros(room)
        self.capacity: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.load: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.rating_sum: Values = np.zeros(room)
        self.rating_count: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.answered: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.accepted: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.work_exponent: Values = np.full(room, -np.inf)
        self.term: NDArray[np.int32] = np.zeros((room, MAX_TERMS), dtype=np.int32)
        self.term_weight: NDArray[np.uint8] = np.zeros((room, MAX_TERMS), dtype=np.uint8)
        self.away_from: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.away_to: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.asked_day: NDArray[np.int32] = np.zeros(room, dtype=np.int32)
        self.asked_today: NDArray[np.uint8] = np.zeros(room, dtype=np.uint8)
        self.asked_week: NDArray[np.uint8] = np.zeros(room, dtype=np.uint8)
        self.daily: NDArray[np.uint8] = np.zeros(room, dtype=np.uint8)
        self.weekly: NDArray[np.uint8] = np.zeros(room, dtype=np.uint8)
        self.person: NDArray[np.int64] = np.zeros(room, dtype=np.int64)
        self.slot_start: NDArray[np.int16] = np.zeros((room, MAX_SLOTS), dtype=np.int16)
        self.slot_end: NDArray[np.int16] = np.zeros((room, MAX_SLOTS), dtype=np.int16)
        self.slot_count: NDArray[np.int8] = np.zeros(room, dtype=np.int8)
        self.can: NDArray[np.float32] = np.zeros((len(self._catalogue), room), dtype=np.float32)
        self.reach: NDArray[np.float32] = np.zeros((len(self._catalogue), room), dtype=np.float32)

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def size(self) -> int:
        """Rows in use or freed: the length that masks have."""
        return len(self.ids)

    def _grow(self) -> None:
        old = dict(self.__dict__)
        self._allocate(2 * self.live.shape[0])
        for name, column in old.items():
            if not isinstance(column, np.ndarray):
                continue
            if column.ndim == 2 and name in ("can", "reach"):
                self.__dict__[name][:, : column.shape[1]] = column
            else:
                self.__dict__[name][: column.shape[0]] = column

    def put(self, provider: Provider) -> None:
        ref = provider.ref
        row = self.row_of.get(ref)
        if row is None:
            row = self._new_row(ref)
        point = provider.point or self._regions.point_of(provider.region)
        self.names[row] = provider.name
        self.live[row], self.active[row] = True, provider.active
        self.kind[row] = KIND_PLACE[provider.kind]
        self.party_member[row] = isinstance(provider, Volunteer) and provider.party_member
        self.traits[row] = traits_of(provider)
        self.credential[row] = provider.credential.rank if isinstance(provider, SocialWorker) else 0
        self.lng[row], self.lat[row] = (point.lng, point.lat) if point else (np.nan, np.nan)
        self.region[row], self.region_digits[row] = region_number(provider.region), len(provider.region)
        self.capacity[row], self.load[row] = provider.capacity, provider.load
        self.rating_sum[row], self.rating_count[row] = provider.rating_sum, provider.rating_count
        self.answered[row], self.accepted[row] = provider.answered, provider.accepted_count
        self.work_exponent[row] = work_exponent(provider.recent_work)
        self.person[row] = person_number(provider.contact.phone)
        self._put_budget(row, provider)
        self._put_slots(row, provider)
        self._put_services(row, provider)
        self._put_terms(row, provider)
        self._put_regions(row, provider)

    def remove(self, ref: ProviderRef) -> None:
        row = self.row_of.pop(ref, None)
        if row is None:
            return
        self.live[row] = self.active[row] = False
        self._forget_terms(row)
        self._forget_regions(row)
        self._free.append(row)

    def clear(self) -> None:
        self.ids, self.names, self.row_of, self._free = [], [], {}, []
        self._serving, self._served_by_row, self._holding = {}, {}, {}
        self._allocate(self.live.shape[0])

    def serving(self, region: str) -> Rows:
        """Rows of the organisations that named this region or one above it as theirs to serve."""
        rows: set[int] = set()
        for code in ancestry(region):
            rows |= self._serving.get(region_number(code), set())
        return np.fromiter(rows, dtype=np.intp, count=len(rows))

    def holding(self, term: int) -> tuple[Rows, Values]:
        """The rows that hold a term, and how much it weighs in each: the cost is of these rows, not of all."""
        held = self._holding.get(term, {})
        return np.fromiter(held, np.intp, len(held)), np.fromiter(held.values(), np.float64, len(held))

    def rows_of(self, refs: Iterable[ProviderRef]) -> Rows:
        found = [row for ref in refs if (row := self.row_of.get(ref)) is not None]
        return np.asarray(found, dtype=np.intp)

    def ref_at(self, row: int) -> ProviderRef:
        return ProviderRef(KINDS[self.kind[row]], self.ids[row])

    def _new_row(self, ref: ProviderRef) -> int:
        if self._free:
            row = self._free.pop()
            self.ids[row] = ref.id
        else:
            row = len(self.ids)
            if row >= self.live.shape[0]:
                self._grow()
            self.ids.append(ref.id)
            self.names.append("")
        self.row_of[ref] = row
        return row

    def _put_budget(self, row: int, provider: Provider) -> None:
        """Counts stop at what eight bits hold: no limit is higher."""
        self.away_from[row], self.away_to[row] = epoch_minute(provider.away_from), epoch_minute(provider.away_to)
        self.asked_day[row] = provider.asked_day
        self.asked_today[row], self.asked_week[row] = min(provider.asked_today, MOST), min(provider.asked_week, MOST)
        daily, weekly = provider.offer_limits
        self.daily[row], self.weekly[row] = min(daily, MOST), min(weekly, MOST)

    def _put_slots(self, row: int, provider: Provider) -> None:
        slots = provider.availability[:MAX_SLOTS]
        self.slot_count[row] = len(slots)
        self.slot_start[row] = self.slot_end[row] = 0
        for place, slot in enumerate(slots):
            self.slot_start[row, place], self.slot_end[row, place] = slot.week_minutes

    def _put_services(self, row: int, provider: Provider) -> None:
        confidences = np.zeros(len(self._catalogue), dtype=np.float32)
        for service in provider.services:
            place = self._catalogue.position.get(service.code)
            if place is not None:
                confidences[place] = service.confidence
        self.can[:, row] = confidences
        self.reach[:, row] = self._catalogue.reach(confidences)

    def _put_terms(self, row: int, provider: Provider) -> None:
        self._forget_terms(row)
        for place, term in enumerate(provider.terms[:MAX_TERMS]):
            number, weight = term_number(term.word), min(max(term.weight, 1), MAX_TERM_WEIGHT)
            self.term[row, place], self.term_weight[row, place] = number, weight
            self._holding.setdefault(number, {})[row] = weight

    def _forget_terms(self, row: int) -> None:
        for number in self.term[row, self.term_weight[row] > 0].tolist():
            held = self._holding.get(number, {})
            held.pop(row, None)
            if not held:
                self._holding.pop(number, None)
        self.term[row] = self.term_weight[row] = 0

    def _put_regions(self, row: int, provider: Provider) -> None:
        self._forget_regions(row)
        served = provider.service_regions if isinstance(provider, Organisation) else ()
        # Who named regions serves these and no others; who named none goes as far as their kind does.
        self.reach_km[row] = -1.0 if served else REACH_KM[provider.kind]
        numbers = tuple(region_number(code) for code in served)
        for number in numbers:
            self._serving.setdefault(number, set()).add(row)
        if numbers:
            self._served_by_row[row] = numbers

    def _forget_regions(self, row: int) -> None:
        for number in self._served_by_row.pop(row, ()):
            self._serving[number].discard(row)
