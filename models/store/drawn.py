"""Many providers of one kind as arrays, drawn from their documents without a Python object for any of them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.store.lockstep import ARRAY, BOOL, DATE, DOCUMENT, DOUBLE, INT, LONG, MISSING, NULL, TEXT, Found, Lockstep, Mask

Numbers = NDArray[np.float64]
Spans = tuple[NDArray[np.int64], NDArray[np.int64]]
NUMBER = (INT, LONG, DOUBLE)
# What each field that counts may be; a document with anything else is odd. Who has no such field has what is usual.
OPTIONAL = {
    **dict.fromkeys(
        ("version", "load", "rating_sum", "rating_count", "answered", "accepted_count", "recent_work", "asked_day", "asked_today",
         "asked_week"), (*NUMBER, MISSING)
    ),
    "active": (BOOL, MISSING), "party_member": (BOOL, MISSING),
    "daily_offers": (*NUMBER, NULL, MISSING), "weekly_offers": (*NUMBER, NULL, MISSING),
    "away_from": (DATE, NULL, MISSING), "away_to": (DATE, NULL, MISSING),
    "gender": (TEXT, NULL, MISSING), "credential": (TEXT, MISSING), "type": (TEXT, MISSING),
    "services": (ARRAY, MISSING), "terms": (ARRAY, MISSING),
    "languages": (ARRAY, MISSING), "languages_read": (ARRAY, MISSING), "service_regions": (ARRAY, MISSING),
}  # fmt: skip
# What every document of our form has, whether or not a row needs it: one without it is read singly, and told if it cannot be read.
FORM = {
    "_id": (TEXT,), "kind": (TEXT,), "name": (TEXT,), "bio": (TEXT,), "region": (TEXT,), "skills": (ARRAY,), "contact": (DOCUMENT,),
    "availability": (ARRAY,), "created_at": (DATE,), "changed_at": (DATE,), "capacity": NUMBER, "point": (DOCUMENT, NULL),
}  # fmt: skip
TYPES = FORM | OPTIONAL
COUNTED = [name for name, types in TYPES.items() if set(types) & {*NUMBER, BOOL}]
WRITTEN = ("_id", "name", "region", "gender", "credential", "type")
LISTED: dict[str, dict[str, tuple[int, ...]]] = {
    "services": {"code": (TEXT,), "confidence": NUMBER},
    "terms": {"word": (TEXT,), "weight": NUMBER},
    "availability": {"weekday": NUMBER, "start_minute": NUMBER, "end_minute": NUMBER},
}
NAMED = ("languages", "languages_read", "service_regions")
# A list that is longer counts as one of so many.
MOST = 256
# As far as a date goes that Python knows: the years 1 to 9999.
DATES = (-62_135_596_800_000, 253_402_300_799_999)


@dataclass(frozen=True, slots=True)
class Listed:
    """`counts` by provider; of the entries, flat and in order, the numbers and the texts by name."""

    counts: NDArray[np.intp]
    numbers: dict[str, Numbers]
    texts: dict[str, Spans]


@dataclass(frozen=True, slots=True)
class Drawn:
    """By field, one entry a provider: numbers (NaN for none; dates in seconds since 1970), and texts as where they begin in `data`
    and how many bytes of UTF-8 they have (none: -1). What stands in `odd` rows means nothing."""

    data: NDArray[np.uint8]
    numbers: dict[str, Numbers]
    texts: dict[str, Spans]
    lists: dict[str, Listed]
    odd: Mask


def drawn(documents: Lockstep) -> Drawn:
    everyone = np.arange(len(documents))
    found = documents.fields(TYPES, documents.starts)
    numbers = {name: _numbers(documents, found[name], everyone, TYPES[name]) for name in COUNTED}
    numbers |= {name: _seconds(documents, found[name]) for name in ("away_from", "away_to")}
    texts = {name: documents.texts(found[name]) for name in WRITTEN}
    for name in TYPES.keys() - COUNTED:
        _require(documents, found[name], everyone, TYPES[name])
    rows, place = _inner(documents, found["point"], ("lng", "lat"))
    for name, each in place.items():
        numbers[name] = np.full(len(documents), np.nan)
        numbers[name][rows] = _numbers(documents, each, rows, NUMBER)
    rows, contact = _inner(documents, found["contact"], ("phone",))
    _require(documents, contact["phone"], rows, (TEXT, MISSING))
    texts["phone"] = documents.texts(contact["phone"].spread(rows, len(documents)))
    lists = {name: _entries(documents, found[name], parts) for name, parts in LISTED.items()}
    lists |= {name: _texts(documents, found[name]) for name in NAMED}
    return Drawn(documents.data, numbers, texts, lists, documents.odd)


def _require(documents: Lockstep, found: Found, owner: NDArray[np.intp], types: tuple[int, ...]) -> None:
    right = _right(types)[found.types]
    if not right.all():
        documents.odd[owner[~right]] = True


@cache
def _right(types: tuple[int, ...]) -> Mask:
    return np.isin(np.arange(256), types)


def _numbers(documents: Lockstep, found: Found, owner: NDArray[np.intp], types: tuple[int, ...]) -> Numbers:
    """What is no number though it should be one is odd too."""
    _require(documents, found, owner, types)
    numbers = documents.numbers(found)
    lost = np.isnan(numbers)
    if lost.any():
        documents.odd[owner[lost & (found.types == DOUBLE)]] = True
    return numbers


def _seconds(documents: Lockstep, found: Found) -> Numbers:
    moments = documents.milliseconds(found)
    documents.odd |= (moments < DATES[0]) | (moments > DATES[1])
    return np.where(found.types == DATE, moments / 1000, np.nan)


def _inner(documents: Lockstep, outer: Found, names: tuple[str, ...]) -> tuple[NDArray[np.intp], dict[str, Found]]:
    """Of the documents within documents: whose they are, and their fields."""
    rows = np.flatnonzero(outer.types == DOCUMENT)
    return rows, documents.fields(names, outer.at[rows] + 4, rows)


def _entries(documents: Lockstep, lists: Found, parts: dict[str, tuple[int, ...]]) -> Listed:
    counts, at, owner = documents.entries(lists, DOCUMENT, MOST)
    found = documents.fields(parts, at + 4, owner)
    for name, types in parts.items():
        _require(documents, found[name], owner, types)
    numbers = {name: _numbers(documents, found[name], owner, types) for name, types in parts.items() if types == NUMBER}
    return Listed(counts, numbers, {name: documents.texts(found[name]) for name, types in parts.items() if types != NUMBER})


def _texts(documents: Lockstep, lists: Found) -> Listed:
    counts, at, _ = documents.entries(lists, TEXT, MOST)
    return Listed(counts, {}, {"text": documents.texts(Found(np.full(len(at), TEXT, np.uint8), at))})
