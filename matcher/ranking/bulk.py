"""From flat documents to many rows at once: what `Columns.put` does for one provider, by columns, some five times as fast.

A flat document has the entity's fields by name; what lies deeper is drawn up beside them: `lng` and `lat` of the point, `phone` of the
contact, `codes` and `confidences` of the services, `words` and `weights` of the terms, `weekdays`, `starts` and `ends` of the hours.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.ranking.columns import (
    MAX_SLOTS,
    MAX_TERM_WEIGHT,
    MAX_TERMS,
    REACH_KM,
    Columns,
    epoch_minute,
    person_number,
    region_number,
    term_number,
)
from matcher.ranking.fields import FIELDS, LISTS, Array
from matcher.ranking.index import KIND_PLACE
from matcher.ranking.ragged import MOST
from matcher.ranking.traits import organisation_traits, person_traits
from models.budget import USUAL_OFFERS
from models.place import Point, Regions
from models.schedule import DAY_MINUTES
from models.vocabulary import Credential, OrganisationType, ProviderKind
from models.workload import work_exponent

Flat = Mapping[str, Any]
Listed = tuple[Array, dict[str, Array]]
# What a document may lack, and what it then counts for.
USUAL: dict[str, Any] = {
    "active": True, "version": 1, "load": 0, "rating_sum": 0.0, "rating_count": 0, "answered": 0, "accepted_count": 0,
    "recent_work": 0.0, "asked_day": 0, "asked_today": 0, "asked_week": 0,
}  # fmt: skip
# So many words and regions are remembered with their numbers.
MOST_REMEMBERED = 500_000
ID_DIGITS = 24
NIBBLES: NDArray[np.uint8] = np.full(256, 255, dtype=np.uint8)
NIBBLES[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16, dtype=np.uint8)


class Remembered(dict[str, Any]):
    """A function's answers."""

    def __init__(self, function: Callable[[str], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: str) -> Any:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[key] = self._function(key)
        return found


class Bulk:
    """`add` is for columns that hold none of these providers yet."""

    def __init__(self, catalogue: Catalogue, regions: Regions) -> None:
        self._catalogue = catalogue
        self._point_of: dict[str, Point | None] = Remembered(regions.point_of)
        self._region: dict[str, int] = Remembered(region_number)
        self._word: dict[str, int] = Remembered(term_number)

    def add(self, columns: Columns, kind: ProviderKind, found: Sequence[Flat]) -> list[str]:
        """The ids of those that are left out because they do not have the usual form: they may be right, or damaged.

        Raises what reading a wrong value raises; then nobody has been added.
        """
        plain, odd = _plain(found)
        if plain:
            columns.extend(self._fixed(kind, plain), self._lists(kind, plain))
        return odd

    def _fixed(self, kind: ProviderKind, found: list[Flat]) -> dict[str, Array]:
        size = len(found)
        high, low, _ = numbers_of(_joined(found))
        counted = {name: _numbers(found, name) for name in USUAL}
        regions = [each["region"] for each in found]
        lng, lat = self._places(found)
        daily, weekly = USUAL_OFFERS[kind]
        shown: dict[str, Array] = {
            "live": np.ones(size, np.bool_),
            "active": counted["active"] != 0,
            "kind": np.full(size, KIND_PLACE[kind]),
            "lng": lng,
            "lat": lat,
            "region": np.asarray([self._region[code] for code in regions], np.int64),
            "region_digits": np.asarray([len(code) for code in regions]),
            "capacity": _whole([each["capacity"] for each in found]),
            "rating_sum": counted["rating_sum"],
            **{name: _trunc(counted[name]) for name in ("load", "rating_count", "answered", "version")},
            **{name: _trunc(counted[name]) for name in ("asked_day", "asked_today", "asked_week")},
            "accepted": _trunc(counted["accepted_count"]),
            "work_exponent": np.asarray([work_exponent(each) for each in counted["recent_work"].tolist()]),
            "away_from": np.asarray([epoch_minute(each.get("away_from")) for each in found]),
            "away_to": np.asarray([epoch_minute(each.get("away_to")) for each in found]),
            "daily": _whole([daily if (said := each.get("daily_offers")) is None else said for each in found]),
            "weekly": _whole([weekly if (said := each.get("weekly_offers")) is None else said for each in found]),
            "person": np.asarray([person_number(each["phone"]) if each.get("phone") else 0 for each in found], np.int64),
            **_of_kind(kind, found),
        }
        stored = {name: FIELDS[name].encode_all(column) for name, column in shown.items()}
        return {**stored, "id_high": high, "id_low": low}

    def _places(self, found: list[Flat]) -> tuple[Array, Array]:
        lng, lat = (np.asarray([each.get(name, np.nan) for each in found], np.float64) for name in ("lng", "lat"))
        for row in np.flatnonzero(np.isnan(lng) | np.isnan(lat)).tolist():
            point = self._point_of[found[row]["region"]]
            lng[row], lat[row] = (point.lng, point.lat) if point else (np.nan, np.nan)
        return lng, lat

    def _lists(self, kind: ProviderKind, found: list[Flat]) -> dict[str, Listed]:
        names = [each["name"].encode()[:MOST] for each in found]
        serves = [each.get("service_regions") or () if kind == ProviderKind.ORGANISATION else () for each in found]
        return {
            "name": (_counts(names), {"byte": np.frombuffer(b"".join(names), np.uint8)}),
            "services": self._services(found),
            "slots": _slots(found),
            "terms": self._terms(found),
            "serves": (_counts(serves), {"number": np.asarray([self._region[code] for code in chain(*serves)], np.int64)}),
        }

    def _services(self, found: list[Flat]) -> Listed:
        counts, (codes, confidences) = _entries(found, ("codes", "confidences"), MOST)
        position = self._catalogue.position
        items = np.asarray([position.get(code, -1) for code in codes], np.int64)
        known = items >= 0
        owner = np.repeat(np.arange(len(found)), counts)[known]
        sure = LISTS["services"]["confidence"].encode_all(np.asarray(confidences, np.float64)[known])
        return np.bincount(owner, minlength=len(found)), {"item": items[known], "confidence": sure}

    def _terms(self, found: list[Flat]) -> Listed:
        counts, (words, weights) = _entries(found, ("words", "weights"), MAX_TERMS)
        numbers = np.asarray([self._word[word] for word in words], np.int32)
        return counts, {"number": numbers, "weight": np.clip(_whole(weights), 1, MAX_TERM_WEIGHT)}


def _plain(found: Sequence[Flat]) -> tuple[list[Flat], list[str]]:
    """Those with an id of the store's form and lists that fit, and the ids of the others."""
    fits = [
        not each.get("odd")
        and len(each["_id"]) == ID_DIGITS
        and max(len(each.get("codes") or ()), len(each.get("service_regions") or ())) <= MOST
        for each in found
    ]
    plain = [each for each, fit in zip(found, fits, strict=True) if fit]
    odd = [each["_id"] for each, fit in zip(found, fits, strict=True) if not fit]
    right = numbers_of(_joined(plain))[2]
    if right.all():
        return plain, odd
    odd += [plain[row]["_id"] for row in np.flatnonzero(~right).tolist()]
    return [each for each, fit in zip(plain, right.tolist(), strict=True) if fit], odd


def _joined(found: list[Flat]) -> bytes:
    return "".join([each["_id"] for each in found]).encode("ascii", "replace")


def numbers_of(ids: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.bool_]]:
    """Ids of 24 bytes each as their two numbers, and which of them are hexadecimal."""
    digits = NIBBLES[np.frombuffer(ids, np.uint8)].reshape(len(ids) // ID_DIGITS, ID_DIGITS)
    right: NDArray[np.bool_] = np.asarray((digits < 16).all(axis=1), np.bool_)
    pairs = np.where(right[:, np.newaxis], digits[:, 0::2] << np.uint8(4) | digits[:, 1::2] & np.uint8(15), np.uint8(0))
    high = np.ascontiguousarray(pairs[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    return high, np.ascontiguousarray(pairs[:, 8:]).view(">u4")[:, 0].astype(np.uint32), right


def _numbers(found: list[Flat], name: str) -> NDArray[np.float64]:
    usual = USUAL[name]
    return np.asarray([each.get(name, usual) for each in found], np.float64)


def _trunc(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.trunc(values)


def _whole(values: Sequence[float]) -> NDArray[np.float64]:
    return np.trunc(np.asarray(values, np.float64))


def _of_kind(kind: ProviderKind, found: list[Flat]) -> dict[str, Array]:
    """What only one kind has, and what each has in a way of its own."""
    size = len(found)
    spoken = [(*(each.get("languages") or ()), *(each.get("languages_read") or ())) for each in found]
    if kind == ProviderKind.ORGANISATION:
        types = [OrganisationType(each["type"]) for each in found]
        bound = np.asarray([bool(each.get("service_regions")) for each in found])
        return {
            "traits": np.asarray([organisation_traits(*each) for each in zip(spoken, types, strict=True)]),
            "reach_km": np.where(bound, -1.0, REACH_KM[kind]),
        }
    member = [bool(each.get("party_member", False)) and kind == ProviderKind.VOLUNTEER for each in found]
    ranks = {credential: credential.rank for credential in Credential}
    return {
        "traits": np.asarray(
            [person_traits(said, each.get("gender"), party_member=party)
             for said, each, party in zip(spoken, found, member, strict=True)]
        ),
        "party_member": np.asarray(member),
        "credential": np.asarray([ranks[Credential(each.get("credential", Credential.NONE))] for each in found])
        if kind == ProviderKind.SOCIAL_WORKER
        else np.zeros(size),
        "reach_km": np.full(size, REACH_KM[kind]),
    }  # fmt: skip


def _slots(found: list[Flat]) -> Listed:
    counts, entries = _entries(found, ("weekdays", "starts", "ends"), MAX_SLOTS)
    weekdays, starts, ends = (_whole(part) for part in entries)
    midnight = (weekdays - 1) * DAY_MINUTES
    return counts, {"start": midnight + starts, "end": midnight + ends}


def _entries(found: list[Flat], parts: tuple[str, ...], most: int) -> tuple[Array, list[list[Any]]]:
    """Parallel lists, flat: how many entries each has, and each part's entries. An entry without one of its parts is no entry."""
    lists = [[(each.get(part) or ())[:most] for each in found] for part in parts]
    counts = [_counts(each) for each in lists]
    if any((each != counts[0]).any() for each in counts):
        raise ValueError(f"entries without {' or '.join(parts)}")
    return counts[0], [list(chain(*each)) for each in lists]


def _counts(lists: Sequence[Sequence[Any]]) -> NDArray[np.int64]:
    return np.asarray([len(each) for each in lists], np.int64)
