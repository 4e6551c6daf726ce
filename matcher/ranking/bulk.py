"""Many providers, drawn from their documents as arrays, to rows: what `Columns.put` does for one, by columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.ranking.columns import MAX_SLOTS, MAX_TERM_WEIGHT, MAX_TERMS, REACH_KM, region_number, term_number
from matcher.ranking.fields import FIELDS, LISTS, Array
from matcher.ranking.glossary import NONE, Glossary
from matcher.ranking.index import KIND_PLACE
from matcher.ranking.numbers import PERSON_BYTES
from matcher.ranking.ragged import MOST
from matcher.ranking.traits import GENDERS, PARTY_MEMBER, organisation_traits, person_traits
from models.budget import USUAL_OFFERS
from models.place import Regions
from models.schedule import DAY_MINUTES
from models.vocabulary import Credential, Gender, OrganisationType, ProviderKind
from models.workload import work_exponent

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Spans = tuple[NDArray[np.int64], NDArray[np.int64]]
Stored = tuple[Array, dict[str, Array]]
NOWHERE = (float("nan"), float("nan"))
# What a document may lack, and what it then counts for.
USUAL: dict[str, float] = {
    "active": True, "party_member": False, "version": 1, "load": 0, "rating_sum": 0.0, "rating_count": 0, "answered": 0,
    "accepted_count": 0, "recent_work": 0.0, "asked_day": 0, "asked_today": 0, "asked_week": 0, "away_from": 0, "away_to": 0,
}  # fmt: skip
AS_THEY_ARE = ("load", "rating_count", "answered", "version", "asked_day", "asked_today", "asked_week")
ID_DIGITS = 24


class Listed(Protocol):
    """`counts` by provider; of the entries, flat and in order, the numbers and the texts by name."""

    @property
    def counts(self) -> NDArray[np.intp]: ...
    @property
    def numbers(self) -> Mapping[str, Numbers]: ...
    @property
    def texts(self) -> Mapping[str, Spans]: ...


class Drawn(Protocol):
    """By field, one entry a provider: numbers (NaN for none; dates in seconds since 1970), and texts as where they begin in `data`
    and how many bytes of UTF-8 they have (none: -1). What stands in `odd` rows means nothing."""

    @property
    def data(self) -> NDArray[np.uint8]: ...
    @property
    def numbers(self) -> Mapping[str, Numbers]: ...
    @property
    def texts(self) -> Mapping[str, Spans]: ...
    @property
    def lists(self) -> Mapping[str, Listed]: ...
    @property
    def odd(self) -> Mask: ...


@dataclass(frozen=True, slots=True)
class NewRows:
    """In stored numbers, as `Columns.extend` takes them."""

    fixed: dict[str, Array]
    lists: dict[str, Stored]


class Bulk:
    """For one catalogue and one map. Keeps what it has learned of texts."""

    def __init__(self, catalogue: Catalogue, regions: Regions) -> None:
        self._regions, self._points = regions, [NOWHERE]
        self._item = Glossary(lambda code: catalogue.position.get(code, -1))
        self._region, self._point, self._word = Glossary(region_number), Glossary(self._point_number), Glossary(term_number)
        self._gender = Glossary(lambda gender: GENDERS[Gender(gender)])
        self._credential = Glossary(lambda credential: Credential(credential).rank)
        self._type = Glossary(lambda type: organisation_traits((), OrganisationType(type)))
        self._language = Glossary(lambda language: person_traits((language,), None, party_member=False))

    def rows(self, kind: ProviderKind, drawn: Drawn) -> tuple[NewRows, Mask]:
        """And who of them is odd: they may be right, or damaged. If anybody is, the rows are of no use. Nobody in `drawn` is odd."""
        odd = drawn.odd.copy()
        high, low, region, digits = self._identity(drawn, odd)
        fixed = _counted(kind, drawn) | self._of_kind(kind, drawn, odd) | {"region": region, "region_digits": digits}
        fixed |= dict(zip(("lng", "lat"), self._places(drawn), strict=True))
        stored = {name: FIELDS[name].encode_all(column) for name, column in fixed.items()}
        lists = {
            "name": _names(drawn),
            "services": self._services(drawn, odd),
            "terms": self._terms(drawn, odd),
            "slots": _slots(drawn),
            "serves": self._serves(kind, drawn, odd),
        }
        return NewRows(stored | {"id_high": high, "id_low": low, "person": _persons(drawn)}, lists), odd

    def _identity(self, drawn: Drawn, odd: Mask) -> tuple[Array, Array, Array, Array]:
        starts, lengths = drawn.texts["_id"]
        odd |= lengths != ID_DIGITS
        letters = np.ndarray((len(drawn.data) - ID_DIGITS + 1,), f"V{ID_DIGITS}", drawn.data, strides=(1,))
        high, low, right = numbers_of(letters[starts].tobytes())
        starts, lengths = drawn.texts["region"]
        region = self._region.numbers(drawn.data, starts, lengths)
        odd |= ~right | (region == NONE)
        return high, low, region, lengths

    def _places(self, drawn: Drawn) -> Numbers:
        place = np.stack([drawn.numbers["lng"], drawn.numbers["lat"]])
        lost = np.flatnonzero(np.isnan(place).any(axis=0))
        if len(lost):
            starts, lengths = drawn.texts["region"]
            which = self._point.numbers(drawn.data, starts[lost], lengths[lost])
            place[:, lost] = np.asarray(self._points)[which].T
        return place

    def _point_number(self, region: str) -> int:
        point = self._regions.point_of(region)
        if point is None:
            return 0
        self._points.append((point.lng, point.lat))
        return len(self._points) - 1

    def _of_kind(self, kind: ProviderKind, drawn: Drawn, odd: Mask) -> dict[str, Array]:
        """What only one kind has, and what each has in a way of its own."""
        size = len(odd)
        traits, unknown = np.zeros(size, np.int64), np.zeros(size, np.bool_)
        for name in ("languages", "languages_read"):
            entries = drawn.lists[name]
            owner, bits = np.repeat(np.arange(size), entries.counts), self._language.numbers(drawn.data, *entries.texts["text"])
            unknown[owner[bits == NONE]] = True
            np.bitwise_or.at(traits, owner, bits)
        if kind == ProviderKind.ORGANISATION:
            own, bound = self._told(self._type, "type", drawn, odd, NONE), drawn.lists["service_regions"].counts > 0
            odd |= unknown
            return {"traits": traits | own, "reach_km": np.where(bound, -1.0, REACH_KM[kind]), **_no_person(size)}
        member = _usual(drawn, "party_member") if kind == ProviderKind.VOLUNTEER else np.zeros(size)
        ranked = kind == ProviderKind.SOCIAL_WORKER
        gender = self._told(self._gender, "gender", drawn, odd, 0)
        odd |= unknown
        return {
            "traits": traits | gender | np.where(member != 0, PARTY_MEMBER, 0),
            "reach_km": np.full(size, REACH_KM[kind]),
            "party_member": member,
            "credential": self._told(self._credential, "credential", drawn, odd, 0) if ranked else np.zeros(size),
        }

    def _told(self, glossary: Glossary, name: str, drawn: Drawn, odd: Mask, usual: int) -> NDArray[np.int64]:
        """What a text stands for; `usual` where there is none."""
        starts, lengths = drawn.texts[name]
        told = np.flatnonzero(lengths >= 0)
        found = np.full(len(odd), usual, np.int64)
        found[told] = glossary.numbers(drawn.data, starts[told], lengths[told])
        odd |= found == NONE
        return found

    def _services(self, drawn: Drawn, odd: Mask) -> Stored:
        entries = drawn.lists["services"]
        odd |= entries.counts > MOST
        items = self._item.numbers(drawn.data, *entries.texts["code"])
        known = items >= 0
        owner = np.repeat(np.arange(len(odd)), entries.counts)[known]
        sure = LISTS["services"]["confidence"].encode_all(entries.numbers["confidence"][known])
        return np.bincount(owner, minlength=len(odd)), {"item": items[known], "confidence": sure}

    def _terms(self, drawn: Drawn, odd: Mask) -> Stored:
        entries = drawn.lists["terms"]
        counts, first = _first(entries, MAX_TERMS)
        starts, lengths = entries.texts["word"]
        numbers = self._word.numbers(drawn.data, starts[first], lengths[first])
        odd[np.repeat(np.arange(len(odd)), counts)[numbers == NONE]] = True
        weights = np.clip(np.trunc(entries.numbers["weight"][first]), 1, MAX_TERM_WEIGHT)
        return counts, {"number": numbers, "weight": weights}

    def _serves(self, kind: ProviderKind, drawn: Drawn, odd: Mask) -> Stored:
        entries = drawn.lists["service_regions"]
        if kind != ProviderKind.ORGANISATION:
            return np.zeros(len(odd), np.int64), {"number": np.zeros(0, np.int64)}
        odd |= entries.counts > MOST
        numbers = self._region.numbers(drawn.data, *entries.texts["text"])
        odd[np.repeat(np.arange(len(odd)), entries.counts)[numbers == NONE]] = True
        return entries.counts, {"number": numbers}


def _usual(drawn: Drawn, name: str) -> Numbers:
    numbers = drawn.numbers[name]
    return np.where(np.isnan(numbers), USUAL[name], numbers)


def _counted(kind: ProviderKind, drawn: Drawn) -> dict[str, Array]:
    size, limits = len(drawn.odd), zip(("daily", "weekly"), USUAL_OFFERS[kind], strict=True)
    work, exponents = _usual(drawn, "recent_work"), np.full(size, -np.inf)
    worked = work > 0
    # By Python's own logarithm, one by one: numpy's may differ from it in the last bit.
    exponents[worked] = [work_exponent(each) for each in work[worked].tolist()]
    offers = {name: (drawn.numbers[f"{name}_offers"], usual) for name, usual in limits}
    return {
        "live": np.ones(size, np.bool_),
        "active": _usual(drawn, "active") != 0,
        "kind": np.full(size, KIND_PLACE[kind]),
        "capacity": np.trunc(drawn.numbers["capacity"]),
        "rating_sum": _usual(drawn, "rating_sum"),
        "accepted": np.trunc(_usual(drawn, "accepted_count")),
        "work_exponent": exponents,
        **{name: np.trunc(_usual(drawn, name)) for name in AS_THEY_ARE},
        **{name: _usual(drawn, name) // 60 for name in ("away_from", "away_to")},
        **{name: np.where(np.isnan(said), usual, np.trunc(said)) for name, (said, usual) in offers.items()},
    }


def _no_person(size: int) -> dict[str, Array]:
    return {"party_member": np.zeros(size, np.bool_), "credential": np.zeros(size)}


def _persons(drawn: Drawn) -> NDArray[np.int64]:
    """As `person_number`."""
    starts, lengths = drawn.texts["phone"]
    persons = np.zeros(len(starts), np.int64)
    told = np.flatnonzero(lengths > 0)
    counts = lengths[told]
    letters, last = drawn.data[_spread(starts[told], counts)].tobytes(), np.cumsum(counts)
    spans = zip((last - counts).tolist(), last.tolist(), strict=True)
    digests = b"".join([blake2b(letters[first:end], digest_size=PERSON_BYTES).digest() for first, end in spans])
    padded = np.zeros((len(told), 8), np.uint8)
    padded[:, 8 - PERSON_BYTES :] = np.frombuffer(digests, np.uint8).reshape(len(told), PERSON_BYTES)
    persons[told] = np.maximum(padded.view(">u8")[:, 0].astype(np.int64), 1)
    return persons


def _names(drawn: Drawn) -> Stored:
    starts, lengths = drawn.texts["name"]
    counts = np.minimum(lengths, MOST)
    return counts, {"byte": drawn.data[_spread(starts, counts)]}


def _spread(starts: Array, counts: Array) -> Array:
    """The places of so many bytes from each start on, in order."""
    return np.asarray(np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum())))


def _slots(drawn: Drawn) -> Stored:
    entries = drawn.lists["availability"]
    counts, first = _first(entries, MAX_SLOTS)
    weekday, start, end = (np.trunc(entries.numbers[name][first]) for name in ("weekday", "start_minute", "end_minute"))
    midnight = (weekday - 1) * DAY_MINUTES
    return counts, {"start": midnight + start, "end": midnight + end}


def _first(entries: Listed, most: int) -> tuple[Array, Mask | slice]:
    """So many entries of each at most: how many these are, and which of all."""
    counts = entries.counts
    if counts.max(initial=0) <= most:
        return counts, slice(None)
    place = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.minimum(counts, most), place < most


def numbers_of(ids: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.bool_]]:
    """Ids of 24 bytes each as their two numbers, and which of them are hexadecimal, in lower case.

    Eight digits at a time, in the bytes of one integer: their values, and, to be sure, the digits that stand for these values.
    """
    letters = np.frombuffer(ids, "<u8").reshape(-1, ID_DIGITS // 8)
    values = (letters & _each(0x0F)) + ((letters >> np.uint64(6)) & _each(0x01)) * np.uint64(9)
    above_nine = ((values + _each(0x06)) >> np.uint64(4)) & _each(0x01)
    told = values + _each(0x30) + above_nine * np.uint64(0x27)
    right = ((told == letters) & (values & _each(0xF0) == 0)).all(axis=1)
    for bits, kept in ((4, 0x00FF00FF00FF00FF), (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF)):
        values = ((values << np.uint64(bits)) | (values >> np.uint64(2 * bits))) & np.uint64(kept)
    high = values[:, 0] << np.uint64(32) | values[:, 1]
    return high, values[:, 2].astype(np.uint32), np.asarray(right, np.bool_)


def _each(byte: int) -> np.uint64:
    """In every byte of eight."""
    return np.uint64(byte * 0x0101010101010101)
