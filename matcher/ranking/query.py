"""What the ranking is asked, already in numbers."""

from dataclasses import dataclass, field

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import KIND_PLACE, Columns, Mask, Rows, Values, person_number, region_number
from models.account import ProviderRef
from models.need import Need
from models.place import EARTH_RADIUS_KM, Point, Regions
from models.provider import ServiceConfidence
from models.schedule import Window
from models.vocabulary import ProviderKind

# Confidences are flattened by this power before they share the need among the items: the second reading gets its providers too.
HEDGE = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`services` are the need's likeliest items with their confidence; `point` None leaves distance out of play."""

    region: str
    point: Point | None
    services: tuple[ServiceConfidence, ...]
    window: Window | None = None
    kinds: frozenset[ProviderKind] = frozenset(ProviderKind)
    credential_rank: int = 0
    resident_phone: str = ""
    declined: tuple[ProviderRef, ...] = ()
    asked: tuple[ProviderRef, ...] = ()


def query_of(need: Need, catalogue: Catalogue, regions: Regions, asked: tuple[ProviderRef, ...] = ()) -> Query:
    declined = tuple(ProviderRef(ProviderKind(kind), id) for kind, id in (ref.split(":", 1) for ref in need.declined_by))
    return make_query(
        catalogue,
        regions,
        region=need.region,
        point=need.point,
        services=need.understanding.services,
        window=need.window,
        resident_phone=need.contact.phone,
        declined=declined,
        asked=tuple(ref for ref in asked if ref not in declined),
    )


def make_query(
    catalogue: Catalogue,
    regions: Regions,
    *,
    region: str,
    point: Point | None,
    services: tuple[ServiceConfidence, ...],
    window: Window | None = None,
    kinds: frozenset[ProviderKind] = frozenset(ProviderKind),
    resident_phone: str = "",
    declined: tuple[ProviderRef, ...] = (),
    asked: tuple[ProviderRef, ...] = (),
) -> Query:
    """The likeliest service item says who may serve and which credential is required."""
    first = catalogue.get(services[0].code) if services else None
    return Query(
        region=region,
        point=point or regions.point_of(region),
        services=tuple(service for service in services if service.code in catalogue.position),
        window=window,
        kinds=kinds & frozenset(first.who) if first else kinds,
        credential_rank=first.credential.rank if first else 0,
        resident_phone=resident_phone,
        declined=declined,
        asked=asked,
    )


@dataclass(slots=True)
class View:
    """A query laid over the columns: what several rules and criteria need is worked out once, for all rows."""

    query: Query
    columns: Columns
    catalogue: Catalogue
    _skill: Values | None = field(default=None)
    _distance: Values | None = field(default=None)
    _overlap: Values | None = field(default=None)

    @property
    def size(self) -> int:
        return self.columns.size

    def skill(self) -> Values:
        """What each provider is worth for the need's service items, in [0, 1]: the items' shares times the provider's reach."""
        if self._skill is None:
            hedged = [service.confidence**HEDGE for service in self.query.services]
            self._skill = np.zeros(self.size)
            for service, part in zip(self.query.services, hedged, strict=True):
                share = part / sum(hedged)
                self._skill += share * self.columns.reach[self.catalogue.position[service.code], : self.size]
        return self._skill

    def distance_km(self) -> Values:
        """Great-circle distance, NaN where either side has no point."""
        if self._distance is None:
            point = self.query.point
            if point is None:
                self._distance = np.full(self.size, np.nan)
            else:
                lat, lng = np.radians(self.columns.lat[: self.size]), np.radians(self.columns.lng[: self.size])
                lat0, lng0 = np.radians(point.lat), np.radians(point.lng)
                half = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lng - lng0) / 2) ** 2
                self._distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
        return self._distance

    def overlap_minutes(self) -> Values:
        """Minutes of the window that each provider's weekly hours cover; NaN where no window or no hours are known."""
        if self._overlap is None:
            window = self.query.window
            if window is None:
                self._overlap = np.full(self.size, np.nan)
            else:
                start, end = self.columns.slot_start[: self.size], self.columns.slot_end[: self.size]
                total = np.zeros(self.size)
                for from_minute, to_minute in window.week_segments():
                    total += np.maximum(0, np.minimum(end, to_minute).astype(np.int32) - np.maximum(start, from_minute)).sum(
                        axis=1
                    )
                self._overlap = np.where(self.columns.slot_count[: self.size] > 0, total, np.nan)
        return self._overlap

    def same_region(self, digits: int) -> Mask:
        """Who lives in the same region as the need, at the level that has so many digits."""
        if len(self.query.region) < digits:
            return np.zeros(self.size, dtype=np.bool_)
        below = 10 ** (15 - digits)
        same = self.columns.region[: self.size] // below == region_number(self.query.region) // below
        return np.asarray(same & (self.columns.region_digits[: self.size] >= digits), dtype=np.bool_)

    def without(self, refs: tuple[ProviderRef, ...]) -> Mask:
        mask = np.ones(self.size, dtype=np.bool_)
        mask[self.columns.rows_of(refs)] = False
        return mask

    def of_kinds(self, kinds: frozenset[ProviderKind]) -> Mask:
        return np.isin(self.columns.kind[: self.size], [KIND_PLACE[kind] for kind in kinds])

    def not_person(self, phone: str) -> Mask:
        if not phone:
            return np.ones(self.size, dtype=np.bool_)
        return np.asarray(self.columns.person[: self.size] != person_number(phone), dtype=np.bool_)

    def live_rows(self) -> Rows:
        return np.flatnonzero(self.columns.live[: self.size])
