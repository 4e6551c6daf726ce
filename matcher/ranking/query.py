"""What the ranking is asked, already in numbers."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import KIND_PLACE, Columns, Mask, Rows, Values, person_number, region_number, term_number
from models.account import ProviderRef
from models.acquaintance import Served
from models.need import NO_CONSTRAINTS, Constraints, Need
from models.place import EARTH_RADIUS_KM, Point, Regions
from models.provider import ServiceConfidence, Term
from models.schedule import Window
from models.vocabulary import ProviderKind
from models.workload import half_lives

# Confidences are flattened by this power before they share the need among the items: the second reading gets its providers too.
HEDGE = 0.65
# Few providers name all that a need tells: this part of it is as good as the whole.
ENOUGH_SAID = 0.8
MOST_WORK_EXPONENT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`services` are the need's likeliest items with their confidence; `point` None leaves distance out of play.

    `at` is the moment for which recent work is reckoned; `terms` the need's telling words; `known` who served this resident before.
    """

    at: datetime
    region: str
    point: Point | None
    services: tuple[ServiceConfidence, ...]
    terms: tuple[Term, ...] = ()
    window: Window | None = None
    constraints: Constraints = NO_CONSTRAINTS
    kinds: frozenset[ProviderKind] = frozenset(ProviderKind)
    credential_rank: int = 0
    resident_phone: str = ""
    declined: tuple[ProviderRef, ...] = ()
    asked: tuple[ProviderRef, ...] = ()
    known: tuple[Served, ...] = ()
    urgency: int = 2

    @property
    def moment(self) -> datetime:
        """When somebody would have to be there: at the window's beginning, else now."""
        return self.window.from_at if self.window else self.at


def query_of(
    need: Need,
    catalogue: Catalogue,
    regions: Regions,
    asked: tuple[ProviderRef, ...] = (),
    *,
    at: datetime,
    known: tuple[Served, ...] = (),
) -> Query:
    declined = tuple(ProviderRef(ProviderKind(kind), id) for kind, id in (ref.split(":", 1) for ref in need.declined_by))
    return make_query(
        catalogue,
        regions,
        at=at,
        region=need.region,
        point=need.point,
        services=need.understanding.services,
        terms=need.understanding.terms,
        window=need.window,
        constraints=need.constraints,
        resident_phone=need.contact.phone,
        declined=declined,
        asked=tuple(ref for ref in asked if ref not in declined),
        known=known,
        urgency=need.urgency,
    )


def make_query(
    catalogue: Catalogue,
    regions: Regions,
    *,
    at: datetime,
    region: str,
    point: Point | None,
    services: tuple[ServiceConfidence, ...],
    terms: tuple[Term, ...] = (),
    window: Window | None = None,
    constraints: Constraints = NO_CONSTRAINTS,
    kinds: frozenset[ProviderKind] = frozenset(ProviderKind),
    resident_phone: str = "",
    declined: tuple[ProviderRef, ...] = (),
    asked: tuple[ProviderRef, ...] = (),
    known: tuple[Served, ...] = (),
    urgency: int = 2,
) -> Query:
    """The likeliest service item says who may serve and which credential is required."""
    first = catalogue.get(services[0].code) if services else None
    return Query(
        at=at,
        region=region,
        point=point or regions.point_of(region),
        services=tuple(service for service in services if service.code in catalogue.position),
        terms=terms,
        window=window,
        constraints=constraints,
        kinds=kinds & frozenset(first.who) if first else kinds,
        credential_rank=first.credential.rank if first else 0,
        resident_phone=resident_phone,
        declined=declined,
        asked=asked,
        known=known,
        urgency=urgency,
    )


@dataclass(slots=True)
class View:
    """A query laid over the columns: what several rules and criteria need is worked out once, for all rows."""

    query: Query
    columns: Columns
    catalogue: Catalogue
    _skill: Values | None = field(default=None)
    _text: Values | None = field(default=None)
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

    def text(self) -> Values:
        """How much of what the need tells each provider's own words cover, in [0, 1]: a cosine that looks at the need's words only,
        and full from ENOUGH_SAID on. A word counts as far as both sides weigh it."""
        if self._text is None:
            covered = np.zeros(self.size)
            for term in self.query.terms:
                rows, weights = self.columns.holding(term_number(term.word))
                covered[rows] += np.minimum(weights, term.weight) ** 2
            whole = ENOUGH_SAID * np.sqrt(sum(term.weight**2 for term in self.query.terms))
            self._text = np.minimum(1.0, np.sqrt(covered) / whole) if whole else covered
        return self._text

    def recent_work(self) -> Values:
        """Orders taken on of late, each counting half after every HALF_LIFE. What is dated after the query's moment may exceed one each."""
        return np.exp2(np.minimum(self.columns.work_exponent[: self.size] - half_lives(self.query.at), MOST_WORK_EXPONENT))

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
