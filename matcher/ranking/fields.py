"""What a row holds, and in how many bytes: 14 million rows must fit into a small machine.

Numbers are rounded once, when a row is written, to the unit given here; everything that ranks reads the same rounded numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LIMITS = {
    f"{sign}{size}": (int(np.iinfo(f"{sign}{size}").min), int(np.iinfo(f"{sign}{size}").max))
    for sign in "iu"
    for size in (1, 2, 4, 8)
}
LIMITS["?"] = (0, 1)


@dataclass(frozen=True, slots=True)
class Field:
    """`stored` and `shown` are numpy types; a shown float is the stored whole number divided by `per_unit`.

    With `may_lack`, the smallest whole number stands for "not known" and is shown as NaN.
    """

    stored: str
    shown: str = ""
    per_unit: float = 1.0
    may_lack: bool = False

    @property
    def blank(self) -> int:
        return LIMITS[self.stored][0] if self.may_lack else 0

    def encode(self, value: float) -> float:
        """Values beyond what fits are cut to the nearest that does."""
        return self.encoder()(value)

    def encoder(self) -> Callable[[float], float]:
        """`encode` of this field, for calling thirty times a write: comparing costs half of what `min` and `max` do."""
        if self.stored == "f8":
            return float
        lowest, highest = LIMITS[self.stored]
        lowest, per_unit, may_lack, blank = lowest + self.may_lack, self.per_unit, self.may_lack, self.blank

        def whole(value: float) -> float:
            found = int(value)
            return lowest if found < lowest else highest if found > highest else found

        def parts(value: float) -> float:
            if may_lack and isnan(value):
                return blank
            found = round(value * per_unit)
            return lowest if found < lowest else highest if found > highest else found

        return whole if per_unit == 1.0 and not may_lack else parts

    def encode_all(self, values: Array) -> Array:
        """As `encode`, of many."""
        if self.stored == "f8":
            return values
        whole = np.rint(values * self.per_unit) if self.per_unit != 1.0 else values
        lowest, highest = LIMITS[self.stored]
        cut = np.clip(whole, lowest + self.may_lack, highest)
        if self.may_lack:
            cut = np.where(np.isnan(values), self.blank, cut)
        return cut.astype(self.stored)

    def decode(self, stored: Array) -> Array:
        if not self.shown:
            return stored
        if self.shown != "f8":
            return stored.astype(self.shown)
        shown = stored / np.float64(self.per_unit)
        if self.may_lack:
            shown[stored == self.blank] = np.nan
        return np.asarray(shown)


# A ten-millionth of a degree is a centimetre; confidences are known to four places; sums of ratings are multiples of a quarter.
FIELDS: dict[str, Field] = {
    "id_high": Field("u8"),
    "id_low": Field("u4"),
    "live": Field("?"),
    "active": Field("?"),
    "party_member": Field("?"),
    "traits": Field("u4"),
    "kind": Field("i1"),
    "credential": Field("i1"),
    "lng": Field("i4", "f8", 1e7, may_lack=True),
    "lat": Field("i4", "f8", 1e7, may_lack=True),
    "region": Field("i8"),
    "region_digits": Field("i1"),
    "reach_km": Field("i2", "f8", 10.0),
    "capacity": Field("u2", "i4"),
    "load": Field("u2", "i4"),
    "rating_sum": Field("u4", "f8", 1e4),
    "rating_count": Field("u2", "i4"),
    "answered": Field("u2", "i4"),
    "accepted": Field("u2", "i4"),
    "work_exponent": Field("f8"),
    "away_from": Field("i4"),
    "away_to": Field("i4"),
    "asked_day": Field("i4"),
    "asked_today": Field("u1"),
    "asked_week": Field("u1"),
    "daily": Field("u1"),
    "weekly": Field("u1"),
    "person": Field("i8"),
    # Of the document that the row was made from: who compares the columns with the database compares these.
    "version": Field("u4"),
}
ENCODE = {name: field.encoder() for name, field in FIELDS.items()}
# Lists of uneven length, by the parts of an entry.
LISTS: dict[str, dict[str, Field]] = {
    "services": {"item": Field("u1"), "confidence": Field("u2", "f8", 1e4)},
    "terms": {"number": Field("i4"), "weight": Field("u1", "i4")},
    "slots": {"start": Field("i2", "i4"), "end": Field("i2", "i4")},
    "serves": {"number": Field("i8")},
    "name": {"byte": Field("u1")},
}
