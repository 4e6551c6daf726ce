"""Every provider as one row of numpy columns, under 200 bytes a provider. One writer, readers in the same thread."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.order import CELL, LONG_TAIL, sorted_places
from matcher.ranking.excerpt import Excerpt, Mask, Rows, Values
from matcher.ranking.fields import ENCODE, FIELDS, LISTS, Array
from matcher.ranking.index import KIND_PLACE, KINDS, RowIndex, is_plain
from matcher.ranking.numbers import REACH_KM, epoch_minute, facts_of, person_number, region_number, term_number
from matcher.ranking.ragged import Ragged, resized
from models.account import ProviderRef
from models.errors import NotCarriedError
from models.organisation import Organisation
from models.place import Regions, ancestry
from models.provider import Provider

__all__ = [
    "KINDS",
    "KIND_PLACE",
    "REACH_KM",
    "Columns",
    "Mask",
    "Rows",
    "Values",
    "epoch_minute",
    "person_number",
    "region_number",
    "term_number",
]

MAX_SLOTS = 21
CONFIDENCE = LISTS["services"]["confidence"].encoder()
MAX_TERMS, MAX_TERM_WEIGHT = 8, 255
# Below this a plain scan takes no longer than the bounds do (`make bench`: they meet at about this many rows).
BLOCKS_FROM = 50_000
# Rows that moved less than this stay in their block, whose bounds then widen by as much; in degrees, some 200 m.
NEAR_DEGREES = 0.002
# Room that costs nothing.
FEW = 4096


class Columns:
    """`put` and `remove` keep a row in step with its document.

    Rows come in two parts. Those before `sealed` stand in cells of rows that are near in space, and are ranked by blocks; the rest is a
    short tail in order of arrival. A row of a cell changes in place and is then among the `touched`, unless it moved away: then it starts
    again in the tail. When the tail is long enough it becomes cells of its own. `sort` puts everything in order anew.

    From `blocks_from` rows on they are ranked by blocks.
    """

    def __init__(self, catalogue: Catalogue, regions: Regions, room: int = FEW, carried: tuple[str, ...] = ()) -> None:
        """`carried` are the regions whose providers have rows here; none: all have."""
        self.catalogue, self.regions, self.carried = catalogue, regions, carried
        self.blocks_from = BLOCKS_FROM
        self._start(room)

    def _start(self, room: int) -> None:
        self.fixed: dict[str, Array] = {
            name: np.full(room, field.blank, dtype=field.stored) if field.blank else np.zeros(room, dtype=field.stored)
            for name, field in FIELDS.items()
        }
        self.lists = {name: Ragged(parts, room) for name, parts in LISTS.items()}
        self._odd: dict[int, str] = {}
        self.row_of = RowIndex(self.fixed, self._odd, room)
        self.size = self.sealed = 0
        self.touched: set[int] = set()
        # What is kept beside the rows by whoever ranks them; it goes when the rows go.
        self.attached: object | None = None
        # Counts the times that rows got other numbers; whoever keeps row numbers beside the columns compares it.
        self.epoch = 0
        self._free: list[int] = []
        self._serving: dict[int, set[int]] = {}
        # Rows that were taken out of their cell since everything was last sorted.
        self.gone_from_cells = 0
        self.sorted_rows = 0
        # While it is a list, whoever is written or removed is noted in it, and no row gets another number.
        self.journal: list[Provider | ProviderRef] | None = None

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def room(self) -> int:
        return len(self.fixed["live"])

    @property
    def has_odd_ids(self) -> bool:
        return bool(self._odd)

    @property
    def bytes(self) -> int:
        """What the rows in use take, without the room ahead."""
        fixed = sum(self.size * column.itemsize for column in self.fixed.values())
        ahead = (self.room - self.size) * 5
        return fixed + self.row_of.bytes + sum(each.bytes - ahead for each in self.lists.values())

    def everyone(self) -> Excerpt:
        return Excerpt(self, None)

    def covers(self, region: str) -> bool:
        """Whether all who could come to this region have rows here, but for those who live outside and have named no regions."""
        return not self.carried or region.startswith(self.carried)

    def require(self, region: str) -> None:
        """Raises NotCarriedError where a ranking for this region would not know everybody."""
        if not self.covers(region):
            raise NotCarriedError(
                f"这个服务进程只负责区划 {'、'.join(self.carried)}，不负责 {region}：请发给负责该区划的服务",
                rule="need.region",
                regions=list(self.carried),
            )

    def carries(self, provider: Provider) -> bool:
        """Whether somebody's area lies in the regions carried here."""
        if self.covers(provider.region):
            return True
        served = provider.service_regions if isinstance(provider, Organisation) else ()
        return any(self.covers(code) or any(each.startswith(code) for each in self.carried) for code in served)

    def put(self, provider: Provider) -> None:
        ref = provider.ref
        if not self.carries(provider):
            self.remove(ref)
            return
        facts = facts_of(provider, self.regions)
        if self.journal is not None:
            self.journal.append(provider)
        row = self.row_of.get(ref)
        if row is not None and row < self.sealed:
            if self._stays(row, facts):
                self.touched.add(row)
            else:
                self._take_out(ref, row)
                row = None
        if row is None:
            row = self._new_row(ref)
        fixed = self.fixed
        for name, value in facts.items():
            fixed[name][row] = ENCODE[name](value)
        self.lists["name"].put(row, list(provider.name.encode()[:255]))
        self.lists["services"].put(row, *self._services(provider))
        slots = [slot.week_minutes for slot in provider.availability[:MAX_SLOTS]]
        self.lists["slots"].put(row, [start for start, _ in slots], [end for _, end in slots])
        terms = provider.terms[:MAX_TERMS]
        self.lists["terms"].put(
            row, [term_number(term.word) for term in terms], [min(max(term.weight, 1), MAX_TERM_WEIGHT) for term in terms]
        )
        self._put_regions(row, provider)
        if self.size - self.sealed - len(self._free) >= LONG_TAIL and self.journal is None:
            self._seal()

    def remove(self, ref: ProviderRef) -> None:
        if self.journal is not None:
            self.journal.append(ref)
        row = self.row_of.get(ref)
        if row is not None:
            self._take_out(ref, row)

    def _take_out(self, ref: ProviderRef, row: int) -> None:
        self.row_of.drop(ref)
        self._odd.pop(row, None)
        self.fixed["live"][row] = self.fixed["active"][row] = False
        self._forget_regions(row)
        if row >= self.sealed:
            self._free.append(row)
        else:
            self.gone_from_cells += 1

    def clear(self) -> None:
        self._start(self.room)

    def anew(self, expected: int) -> "Columns":
        """Empty columns for the same catalogue and regions, with room for so many."""
        fresh = Columns(self.catalogue, self.regions, max(FEW, expected + expected // 8), self.carried)
        fresh.blocks_from = self.blocks_from
        return fresh

    def become(self, other: "Columns") -> "Columns":
        """Take over all rows of others, which nobody uses after that. What this was until now stands in the columns returned."""
        before = Columns.__new__(Columns)
        before.__dict__, self.__dict__ = self.__dict__, other.__dict__
        return before

    def serving(self, region: str) -> Rows:
        """Rows of the organisations that named this region or one above it as theirs to serve."""
        rows: set[int] = set()
        for code in ancestry(region):
            rows |= self._serving.get(region_number(code), set())
        return np.sort(np.fromiter(rows, dtype=np.intp, count=len(rows)))

    @contextmanager
    def noting(self) -> Iterator[list[Provider | ProviderRef]]:
        """While it lasts, whoever is written or removed is noted in the list, and no row gets another number or another owner."""
        if self.journal is not None:
            raise ValueError("somebody is noting already")
        noted: list[Provider | ProviderRef] = []
        self.journal = noted
        try:
            yield noted
        finally:
            self.journal = None

    def rows_of(self, refs: Iterable[ProviderRef]) -> Rows:
        found = [row for ref in refs if (row := self.row_of.get(ref)) is not None]
        return np.asarray(found, dtype=np.intp)

    def version_of(self, ref: ProviderRef) -> int:
        """Of the document that the row was made from; 0 for who has none."""
        row = self.row_of.get(ref)
        return 0 if row is None else int(self.fixed["version"][row])

    def ref_at(self, row: int) -> ProviderRef:
        return ProviderRef(KINDS[self.fixed["kind"][row]], self.row_of.id_at(row))

    def name_at(self, row: int) -> str:
        return self.lists["name"].of(row)[0].tobytes().decode(errors="ignore")

    def refs_at(self, rows: Rows) -> list[ProviderRef]:
        """As `ref_at`, in a third of the time for a list."""
        kinds = self.fixed["kind"][rows].tolist()
        return [ProviderRef(KINDS[kind], id) for kind, id in zip(kinds, self.row_of.ids_at(rows), strict=True)]

    def names_at(self, rows: Rows) -> list[str]:
        """As `name_at`, likewise."""
        entries = self.lists["name"].gather(rows)
        letters, ends = entries["byte"].tobytes(), np.cumsum(entries.counts).tolist()
        return [letters[first:last].decode(errors="ignore") for first, last in pairwise([0, *ends])]

    def extend(self, fixed: Mapping[str, Array], lists: Mapping[str, tuple[Array, Mapping[str, Array]]]) -> None:
        """Many new rows at once, in the stored numbers of FIELDS and LISTS (a list is its counts and its flat parts); no odd ids.

        The caller knows that none of them is here yet, and calls `sort` when all have come.
        """
        first, count = self.size, len(fixed["live"])
        if first + count > self.room:
            self._resize(max(first + count, self.room + self.room // 4))
        for name, column in fixed.items():
            self.fixed[name][first : first + count] = column
        for name, (counts, parts) in lists.items():
            self.lists[name].extend(first, counts, parts)
        self.size += count
        rows = np.arange(first, self.size)
        self.row_of.add_many(rows[self.fixed["live"][rows]])
        self._note_regions(rows)

    def sort(self) -> None:
        """All rows anew into cells, without gaps: about two seconds a million, and as much memory again as the largest column."""
        live = np.flatnonzero(self.fixed["live"][: self.size])
        order = live[sorted_places(self.everyone().only(live))]
        slots = self.row_of.slots_of(order)
        self._serving.clear()
        for name, column in self.fixed.items():
            column[: len(order)] = column[order]
            column[len(order) : self.size] = FIELDS[name].blank
        for name in LISTS:
            self.lists[name] = self.lists[name].packed(order, self.room)
        self._renumber(order, 0, slots)
        self.sealed = len(order) // CELL * CELL
        self.sorted_rows, self.gone_from_cells = len(order), 0

    @property
    def strays(self) -> int:
        """Rows that stand elsewhere than a sort would put them, and gaps: what makes rankings slower until the next sort."""
        return self.gone_from_cells + self.size - self.sorted_rows

    @property
    def fullness(self) -> float:
        """How much of the room is in use, where least is left: what is full is copied whole to grow."""
        lists = [each.used / each.room for each in self.lists.values() if each.used > FEW]
        return max(self.size / self.room, self.row_of.fullness, *lists)

    def take_in(self, rows: Rows, odd: Mapping[int, str], *, found: bool = False) -> None:
        """These rows have just been written whole: they are found from now on. `found`: they are in the index already."""
        self._odd.update(odd)
        if not found:
            self.row_of.add_many(rows)
        self._note_regions(rows)

    @property
    def odd_ids(self) -> dict[int, str]:
        """By row, the ids that are not of the store's form."""
        return dict(self._odd)

    def _seal(self) -> None:
        """The tail becomes cells, in order within itself."""
        tail = np.arange(self.sealed, self.size)
        live = tail[self.fixed["live"][tail]]
        order = live[sorted_places(self.everyone().only(live))]
        slots = self.row_of.slots_of(order)
        for row in live[self.lists["serves"].count[live] > 0].tolist():
            self._forget_regions(row)
        now = slice(self.sealed, self.sealed + len(order))
        for column in self.fixed.values():
            column[now] = column[order]
        for each in self.lists.values():
            each.start[now], each.count[now] = each.start[order], each.count[order]
            each.count[now.stop : self.size] = 0
        self._renumber(order, self.sealed, slots)
        self.sealed += len(order) // CELL * CELL

    def _renumber(self, order: Rows, first: int, slots: Rows) -> None:
        """Rows `order` now stand from `first` on: what names rows by number follows."""
        last = first + len(order)
        self.fixed["live"][last : self.size] = False
        rows = np.arange(first, last)
        self.row_of.move(slots, rows)
        odd = (
            {int(now): self._odd[old] for now, old in zip(rows, order.tolist(), strict=True) if old in self._odd}
            if self._odd
            else {}
        )
        for old in [row for row in self._odd if row >= first]:
            del self._odd[old]
        self._odd.update(odd)
        self.size, self._free = last, []
        self._note_regions(rows)
        if first == 0:
            self.touched.clear()
            self.epoch += 1

    def _new_row(self, ref: ProviderRef) -> int:
        if self._free and self.journal is None:
            row = self._free.pop()
        else:
            row = self.size
            if row >= self.room:
                self._resize(self.room + max(self.room // 4, min(self.room, 1 << 18)))
            self.size += 1
        self.fixed["id_high"][row], self.fixed["id_low"][row] = RowIndex.key(ref.id)
        self.fixed["kind"][row] = KIND_PLACE[ref.kind]
        if not is_plain(ref.id):
            self._odd[row] = ref.id
        self.row_of.add(row)
        return row

    def _resize(self, room: int) -> None:
        for name, column in self.fixed.items():
            self.fixed[name] = resized(column, room)
            if FIELDS[name].blank:
                self.fixed[name][len(column) :] = FIELDS[name].blank
        for each in self.lists.values():
            each.resize(room)

    def _services(self, provider: Provider) -> tuple[list[int], list[float]]:
        known = [(place, each.confidence) for each in provider.services
                 if (place := self.catalogue.position.get(each.code)) is not None]  # fmt: skip
        encode = CONFIDENCE
        return [place for place, _ in known], [encode(confidence) for _, confidence in known]

    def _stays(self, row: int, facts: Mapping[str, float]) -> bool:
        """Whether a row of a cell may change in place: it is still where it was."""
        return all(
            abs(ENCODE[name](facts[name]) - self.fixed[name].item(row)) <= NEAR_DEGREES * FIELDS[name].per_unit
            for name in ("lng", "lat")
        )

    def _put_regions(self, row: int, provider: Provider) -> None:
        self._forget_regions(row)
        served = provider.service_regions if isinstance(provider, Organisation) else ()
        numbers = [region_number(code) for code in served]
        self.lists["serves"].put(row, numbers)
        for number in numbers:
            self._serving.setdefault(number, set()).add(row)

    def _forget_regions(self, row: int) -> None:
        for number in self.lists["serves"].of(row)[0].tolist():
            self._serving.get(number, set()).discard(row)

    def _note_regions(self, rows: Rows) -> None:
        bound = rows[self.lists["serves"].count[rows] > 0]
        entries = self.lists["serves"].gather(bound)
        for row, number in zip(bound[entries.owner].tolist(), entries["number"].tolist(), strict=True):
            self._serving.setdefault(number, set()).add(row)
