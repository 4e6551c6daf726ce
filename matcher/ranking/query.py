"""What the ranking is asked, already in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import KIND_PLACE, Columns, Mask, Rows, Values, person_number, region_number, term_number
from matcher.ranking.excerpt import Excerpt
from models.account import ProviderRef
from models.acquaintance import Served
from models.need import Need
from models.place import EARTH_RADIUS_KM, Point, Regions
from models.provider import ServiceConfidence, Term
from models.schedule import Window
from models.understanding import NO_CONSTRAINTS, Constraints
from models.vocabulary import ProviderKind
from models.workload import half_lives

# Confidences are flattened by this power before they share the need among the items: the second reading gets its providers too.
HEDGE = 0.65
# Few providers name all that a need tells: this part of it is as good as the whole.
ENOUGH_SAID = 0.8
MOST_WORK_EXPONENT = 60.0


# What a view works out once.
WORKED_OUT = ("skill", "text", "distance", "overlap")
NOTHING: Mapping[str, Values] = {}


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


def recent_work(work_exponent: Values, at: datetime) -> Values:
    """From what is kept (a power of two) to orders of late at a moment."""
    return np.asarray(np.exp2(np.minimum(work_exponent - half_lives(at), MOST_WORK_EXPONENT)))


class View:
    """A query laid over rows of the columns: what several rules and criteria need is worked out once, for all these rows.

    `rows` are the rows of the columns that are looked at, all of them when none are given; within a view they count from 0.
    """

    def __init__(self, query: Query, columns: Columns, catalogue: Catalogue, rows: Rows | None = None) -> None:
        self.query, self.catalogue = query, catalogue
        self.table = columns
        self.columns = Excerpt(columns, rows)
        self.size = self.columns.size
        self._skill: Values | None = None
        self._text: Values | None = None
        self._distance: Values | None = None
        self._overlap: Values | None = None
        self._work: Values | None = None
        self._same_region: dict[int, Mask] = {}

    def only(self, places: Rows, known: Mapping[str, Values] = NOTHING) -> "View":
        """The same query over some of the rows. What is worked out already is kept, and so is what the caller knows of these rows."""
        narrowed = View(self.query, self.table, self.catalogue, self.columns.rows_at(places))
        for name in WORKED_OUT:
            mine = getattr(self, f"_{name}")
            setattr(narrowed, f"_{name}", known.get(name) if mine is None else mine[places])
        return narrowed

    def worked_out(self) -> dict[str, Values]:
        return {name: values for name in WORKED_OUT if (values := getattr(self, f"_{name}")) is not None}

    def shares(self) -> list[tuple[int, float]]:
        """The need's service items, by place in the catalogue, and each one's share of the need; the shares sum to one."""
        hedged = [service.confidence**HEDGE for service in self.query.services]
        places = [self.catalogue.position[service.code] for service in self.query.services]
        return [(place, part / sum(hedged)) for place, part in zip(places, hedged, strict=True)]

    def reach(self, item: int) -> Values:
        """What each provider is worth for a need of this item: the best of what they can do, by how near it is to the item."""
        credit = self.catalogue.credit[item].astype(np.float64)
        services = self.columns.services
        related = np.flatnonzero(credit[services["item"]])
        reach = np.zeros(self.size)
        worth = credit[services["item"][related]] * services["confidence"][related]
        np.maximum.at(reach, services.owner[related], worth)
        return reach

    def skill(self) -> Values:
        """What each provider is worth for the need's service items, in [0, 1]: the items' shares times the provider's reach."""
        if self._skill is None:
            self._skill = np.zeros(self.size)
            for item, share in self.shares():
                self._skill += share * self.reach(item)
        return self._skill

    def text(self) -> Values:
        """How much of what the need tells each provider's own words cover, in [0, 1]: a cosine that looks at the need's words only,
        and full from ENOUGH_SAID on. A word counts as far as both sides weigh it."""
        if self._text is None:
            covered, held = np.zeros(self.size), self.columns.terms
            for term in self.query.terms:
                entries = np.flatnonzero(held["number"] == term_number(term.word))
                covered[held.owner[entries]] += np.minimum(held.at("weight", entries), term.weight) ** 2
            whole = ENOUGH_SAID * np.sqrt(sum(term.weight**2 for term in self.query.terms))
            self._text = np.minimum(1.0, np.sqrt(covered) / whole) if whole else covered
        return self._text

    def recent_work(self) -> Values:
        """Orders taken on of late, each counting half after every HALF_LIFE. What is dated after the query's moment may exceed one each."""
        if self._work is None:
            self._work = recent_work(self.columns.work_exponent, self.query.at)
        return self._work

    def distance_km(self) -> Values:
        """Great-circle distance, NaN where either side has no point."""
        if self._distance is None:
            self._distance = self.distance_to(self.columns.lng, self.columns.lat)
        return self._distance

    def distance_to(self, lng: Values, lat: Values) -> Values:
        """By the haversine formula, from the need's point to points in degrees."""
        point = self.query.point
        if point is None:
            return np.full(len(lng), np.nan)
        lat0, lng0 = np.radians(point.lat), np.radians(point.lng)
        lat, lng = np.radians(lat), np.radians(lng)
        half = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lng - lng0) / 2) ** 2
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))

    def overlap_minutes(self) -> Values:
        """Minutes of the window that each provider's weekly hours cover; NaN where no window or no hours are known."""
        if self._overlap is None:
            window = self.query.window
            if window is None:
                self._overlap = np.full(self.size, np.nan)
            else:
                slots = self.columns.slots
                total = np.zeros(self.size)
                for from_minute, to_minute in window.week_segments():
                    shared = np.minimum(slots["end"], to_minute) - np.maximum(slots["start"], from_minute)
                    total += np.bincount(slots.owner, weights=np.maximum(0, shared), minlength=self.size)
                self._overlap = np.where(slots.counts > 0, total, np.nan)
        return self._overlap

    def same_region(self, digits: int) -> Mask:
        """Who lives in the same region as the need, at the level that has so many digits."""
        if digits not in self._same_region:
            self._same_region[digits] = self._in_same_region(digits)
        return self._same_region[digits]

    def _in_same_region(self, digits: int) -> Mask:
        if len(self.query.region) < digits:
            return np.zeros(self.size, dtype=np.bool_)
        below = 10 ** (15 - digits)
        same = self.columns.region // below == region_number(self.query.region) // below
        return np.asarray(same & (self.columns.region_digits >= digits), dtype=np.bool_)

    def without(self, refs: tuple[ProviderRef, ...]) -> Mask:
        mask = np.ones(self.size, dtype=np.bool_)
        mask[self.columns.rows_of(refs)] = False
        return mask

    def of_kinds(self, kinds: frozenset[ProviderKind]) -> Mask:
        wanted = np.zeros(len(KIND_PLACE), dtype=np.bool_)
        wanted[[KIND_PLACE[kind] for kind in kinds]] = True
        return np.asarray(wanted[self.columns.kind])

    def not_person(self, phone: str) -> Mask:
        if not phone:
            return np.ones(self.size, dtype=np.bool_)
        return np.asarray(self.columns.person != person_number(phone), dtype=np.bool_)

    def live_rows(self) -> Rows:
        return np.flatnonzero(self.columns.live)
