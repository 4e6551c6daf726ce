"""A query laid over blocks: what the best row of each could be, and how near."""

from functools import cached_property

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.sketch import LEVELS, PARTS, Sketch, on_sphere, region_bit
from matcher.ranking.columns import Mask, Rows, Values, region_number
from matcher.ranking.fields import Array
from matcher.ranking.query import Query, View
from matcher.ranking.scoring import rounded
from models.place import EARTH_RADIUS_KM

# Farther than any two places; stands for the distance to a block without a place.
BEYOND_KM = 99_999.0


class Outlook:
    """`blocks` are the places in the sketch that are looked at; figures are gathered when they are first read."""

    def __init__(self, view: View, sketch: Sketch, blocks: Rows) -> None:
        self.view, self.sketch, self.blocks = view, sketch, blocks
        self.size = len(blocks)

    @property
    def query(self) -> Query:
        return self.view.query

    @property
    def catalogue(self) -> Catalogue:
        return self.view.catalogue

    def only(self, places: Rows) -> "Outlook":
        """Some of the blocks; what is worked out already is kept."""
        narrowed = Outlook(self.view, self.sketch, self.blocks[places])
        narrowed.__dict__ |= {name: self.__dict__[name][places] for name in ("nearest_km", "skill") if name in self.__dict__}
        return narrowed

    def figure(self, name: str) -> Array:
        return np.asarray(self.sketch.arrays[name][:, 0].take(self.blocks))

    @cached_property
    def nearest_km(self) -> Values:
        """No row of the block is nearer than this: a straight line through the earth is never longer than the way around it.

        It is the rows' very distance where all of them are at one place.
        """
        point = self.query.point
        if point is None:
            return np.full(self.size, BEYOND_KM)
        away = self.sketch.arrays["centre"].take(self.blocks, axis=0)
        away -= on_sphere(np.asarray(point.lng), np.asarray(point.lat)).astype(np.float32)
        straight = np.sqrt(np.einsum("ij,ij->i", away, away)) * EARTH_RADIUS_KM
        nearest: Values = np.maximum(0.0, straight - self.figure("radius")).astype(np.float64)
        at, spot = self._at_one_spot
        if len(at):
            nearest[at] = self.view.distance_to(*spot.T)
        return nearest

    @cached_property
    def _at_one_spot(self) -> tuple[Rows, Values]:
        """Which blocks have all of their rows at one place, and that place."""
        spots = self.sketch.arrays["spot"]
        at = np.flatnonzero(~np.isnan(spots[:, 0].take(self.blocks)))
        return at, spots[self.blocks[at]]

    @cached_property
    def skill(self) -> Values:
        """As if one row had the best confidence that the block has for every item."""
        worth = np.zeros(self.size)
        can = self.sketch.arrays["can"]
        for item, share in self.view.shares():
            credit = self.catalogue.credit[item].astype(np.float64)
            related = np.flatnonzero(credit)
            worth += share * (can[self.blocks[:, np.newaxis], related] / PARTS * credit[related]).max(axis=1)
        return worth

    def shares_region(self, digits: int) -> Mask:
        """Where somebody may live in the same region as the need, at the level that has so many digits."""
        if len(self.query.region) < digits:
            return np.zeros(self.size, dtype=np.bool_)
        bit = region_bit(region_number(self.query.region), digits)
        return np.asarray(self.sketch.arrays["regions"][:, LEVELS.index(digits)].take(self.blocks) & bit > 0, dtype=np.bool_)

    def free_minutes(self, enough: float) -> Values:
        """At most so many minutes of the window is any one row free; counting ends at `enough`."""
        minutes: dict[int, int] = {}
        window = self.query.window
        for start, end in window.week_segments() if window else ():
            for hour in range(start // 60, (end - 1) // 60 + 1):
                minutes[hour] = minutes.get(hour, 0) + min(end, hour * 60 + 60) - max(start, hour * 60)
        total = np.zeros(self.size)
        hours = self.sketch.arrays["hours"]
        for hour, length in minutes.items():
            total += length * (hours[self.blocks, hour // 8] >> np.uint8(7 - hour % 8) & 1)
            if self.size == 0 or total.min() >= enough:
                break
        return total

    @property
    def at_least_km(self) -> Values:
        """To compare with the distances that the ranking orders by, which are rounded."""
        at, _ = self._at_one_spot
        least = self.nearest_km.copy()
        least[at] = rounded(least[at])
        return least
