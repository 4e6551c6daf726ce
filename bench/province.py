"""Invented providers as arrays, from ten thousand in one city to the fourteen million volunteers of a province, and needs among them."""

from dataclasses import dataclass

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.order import morton
from matcher.ranking.columns import Columns, term_number
from matcher.ranking.criteria import default_criteria
from matcher.ranking.fields import Array
from matcher.ranking.query import Query
from models.place import Point, Regions
from models.provider import Contact, ServiceConfidence, Term
from models.schedule import Slot, day_window, now
from models.vocabulary import ProviderKind
from models.volunteer import Volunteer
from models.weights import Weights
from models.workload import half_lives

CHUNK = 500_000
# Up to this many live in one city, some 60 km across; more fill a province of 450 km with eighteen cities and its countryside.
ONE_CITY = 1_000_000
CITIES, COUNTIES = 18, 120
# As in the demo city: most are volunteers, with one or two things that they do well and traces of others.
KINDS = (0.93, 0.03, 0.04)
WORDS = 20_000
COMMUNITY, STREET, DISTRICT = 270, 18, 15


@dataclass(frozen=True, slots=True)
class Crowd:
    """Rows in stored numbers, as `Columns.extend` takes them."""

    fixed: dict[str, Array]
    lists: dict[str, tuple[Array, dict[str, Array]]]


def make_columns(size: int, catalogue: Catalogue, seed: int = 1) -> Columns:
    """In order; about three seconds a million."""
    columns = Columns(catalogue, Regions([]), size)
    chance = np.random.default_rng(seed)
    lng, lat = _places(chance, size)
    region = _regions(lng, lat)
    for first in range(0, size, CHUNK):
        part = slice(first, min(size, first + CHUNK))
        crowd = make_crowd(chance, lng[part], lat[part], region[part], len(catalogue), first)
        columns.extend(crowd.fixed, crowd.lists)
    columns.sort()
    return columns


def make_crowd(chance: np.random.Generator, lng: Array, lat: Array, region: Array, items: int, first: int) -> Crowd:
    size = len(lng)
    kind = chance.choice(3, size, p=KINDS)
    rated = np.where(chance.random(size) < 0.4, chance.geometric(0.15, size), 0)
    capacity = chance.choice((1, 2, 3, 4, 8), size, p=(0.17, 0.2, 0.36, 0.22, 0.05))
    fixed = {
        "id_high": (np.uint64(0x19B8BAB06) << np.uint64(24)) + chance.integers(0, 1 << 40, size).astype(np.uint64),
        "id_low": np.arange(first, first + size, dtype=np.uint32),
        "live": np.ones(size, np.bool_),
        "active": chance.random(size) < 0.97,
        "party_member": (kind == 0) & (chance.random(size) < 0.15),
        "traits": chance.integers(0, 8, size),
        "kind": kind,
        "credential": np.where(kind == 1, chance.integers(0, 4, size), 0),
        "lng": np.round(lng * 1e7),
        "lat": np.round(lat * 1e7),
        "region": region,
        "region_digits": np.where(chance.random(size) < 0.8, 15, 12),
        "reach_km": np.where(kind == 0, 50, 100),
        "capacity": capacity,
        "load": np.minimum(capacity, chance.poisson(0.5, size)),
        "rating_sum": np.round(rated * chance.beta(8, 2, size) * 4) * 2500,
        "rating_count": rated,
        "answered": (answered := np.where(chance.random(size) < 0.5, chance.geometric(0.2, size), 0)),
        "accepted": chance.binomial(answered, 0.4),
        "work_exponent": np.where(answered > 0, half_lives(now()) - chance.uniform(-2, 12, size), -np.inf),
        "daily": np.full(size, 3),
        "weekly": np.full(size, 10),
        "person": chance.integers(1, 1 << 56, size),
    }
    fixed["region"] = np.where(fixed["region_digits"] == 12, region // 1000 * 1000, region)
    return Crowd(
        fixed,
        {
            "services": _services(chance, size, items),
            "terms": _terms(chance, size),
            "slots": _slots(chance, size),
            "name": _names(size),
            "serves": _none(size),
        },
    )


def make_queries(columns: Columns, catalogue: Catalogue, count: int, seed: int = 7) -> list[Query]:
    """Needs where people live; every second one names hours."""
    chance = np.random.default_rng(seed)
    homes = columns.everyone().only(chance.integers(0, columns.size, count))
    queries = []
    for place in range(count):
        items = chance.choice(len(catalogue), 3, replace=False)
        confidences = ((0.9,), (0.7, 0.2), (0.5, 0.3, 0.1))[int(chance.integers(3))]
        services = tuple(ServiceConfidence(catalogue.codes[item], sure) for item, sure in zip(items, confidences, strict=False))
        hour = float(chance.integers(8, 20))
        queries.append(
            Query(
                at=now(),
                terms=tuple(Term(f"词{int(word)}", 200) for word in np.unique(np.minimum(WORDS - 1, chance.zipf(1.2, 6) - 1))),
                region=str(homes.region[place])[: int(homes.region_digits[place])],
                point=Point(float(homes.lng[place]) + 0.003, float(homes.lat[place]) - 0.002),
                services=services,
                window=day_window(now(), hour, hour + 2) if place % 2 else None,
                kinds=frozenset(ProviderKind),
            )
        )
    return queries


def default_weights() -> Weights:
    return Weights("default", 1, default_criteria(), now(), "bench")


def _places(chance: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Degrees. Thirty-five kilometres are a third of a degree of latitude."""
    if size <= ONE_CITY:
        centres, widths = chance.uniform(-0.15, 0.15, (12, 2)), np.full(12, 0.06)
        shares = np.full(12, 1 / 12)
    else:
        centres = chance.uniform(-2.0, 2.0, (CITIES + COUNTIES, 2))
        widths = np.concatenate([np.full(CITIES, 0.08), np.full(COUNTIES, 0.03)])
        shares = np.concatenate([np.full(CITIES, 0.4 / CITIES), np.full(COUNTIES, 0.25 / COUNTIES)])
    part = chance.choice(len(shares), size, p=shares / shares.sum())
    at = centres[part] + chance.normal(0, 1, (size, 2)) * widths[part][:, np.newaxis]
    if size > ONE_CITY:
        country = chance.random(size) < 0.35
        at[country] = chance.uniform(-2.0, 2.0, (int(country.sum()), 2))
    return 113.6 + at[:, 0], 34.7 + at[:, 1]


def _regions(lng: Array, lat: Array) -> Array:
    """Neighbours share a grid, a community, a street, a district; each holds as many people as is usual."""
    rank = np.empty(len(lng), np.int64)
    rank[np.argsort(morton(lng, lat))] = np.arange(len(lng))
    community = rank // COMMUNITY
    street, grid = community // STREET, rank % COMMUNITY // 60
    district = street // DISTRICT
    return np.asarray(
        ((410_000 + district) * 10**9) + (street % DISTRICT + 1) * 10**6 + (community % STREET + 1) * 1000 + grid + 1
    )


def _services(chance: np.random.Generator, size: int, items: int) -> tuple[Array, dict[str, Array]]:
    strong = 1 + (chance.random(size) < 0.35)
    traces = np.minimum(12, chance.geometric(0.5, size) - 1)
    counts = strong + traces
    owner = np.repeat(np.arange(size), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    # Traces are of what lies near in the catalogue.
    own = chance.integers(0, items, size)[owner]
    item = np.where(
        place == 0, own, np.where(place < strong[owner], chance.integers(0, items, len(owner)), (own + place * 7) % items)
    )
    sure = np.where(place < strong[owner], chance.beta(12, 0.4, len(owner)), chance.uniform(0.02, 0.2, len(owner)))
    return counts, {"item": item, "confidence": np.round(sure * 10_000)}


def _terms(chance: np.random.Generator, size: int) -> tuple[Array, dict[str, Array]]:
    """Words as frequent as words are, by Zipf's law."""
    counts = chance.choice((3, 6, 8), size, p=(0.2, 0.3, 0.5))
    words = np.asarray([term_number(f"词{number}") for number in range(WORDS)])
    which = np.minimum(WORDS - 1, chance.zipf(1.2, int(counts.sum())) - 1)
    return counts, {"number": words[which], "weight": chance.integers(120, 256, len(which))}


def _slots(chance: np.random.Generator, size: int) -> tuple[Array, dict[str, Array]]:
    counts = chance.choice((0, 2, 5, 7), size, p=(0.18, 0.2, 0.3, 0.32))
    day = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    habit = np.repeat(chance.choice((8 * 60, 14 * 60, 18 * 60, 9 * 60), size), counts)
    start = day * 1440 + habit
    return counts, {"start": start, "end": start + np.repeat(chance.choice((120, 180, 240), size), counts)}


def _names(size: int) -> tuple[Array, dict[str, Array]]:
    letters = np.frombuffer("测试甲".encode(), np.uint8)
    return np.full(size, len(letters)), {"byte": np.tile(letters, size)}


def _none(size: int) -> tuple[Array, dict[str, Array]]:
    return np.zeros(size, np.int64), {"number": np.zeros(0, np.int64)}


def alike(size: int, catalogue: Catalogue) -> tuple[Columns, Query]:
    """Columns in which nothing but the id tells one from another, and a need that all of them could meet."""
    columns = Columns(catalogue, Regions([]), size)
    lng, lat, region = (np.full(size, at) for at in (113.6, 34.7, 410_001_001_001_001))
    crowd = make_crowd(np.random.default_rng(1), lng, lat, region, len(catalogue), 0)
    same = {
        name: np.broadcast_to(np.asarray(column)[:1], size) for name, column in crowd.fixed.items() if not name.startswith("id_")
    }
    same |= {"live": np.ones(size, np.bool_), "active": np.ones(size, np.bool_), "load": np.zeros(size), "kind": np.zeros(size)}
    once = np.ones(size, np.int64)
    lists = {
        name: (np.zeros(size, np.int64), {part: column[:0] for part, column in parts.items()})
        for name, (_, parts) in crowd.lists.items()
    }
    lists["services"] = (once, {"item": np.zeros(size), "confidence": np.full(size, 10_000)})
    columns.extend(crowd.fixed | same | {"reach_km": np.full(size, 50)}, lists)
    columns.sort()
    point = Point(113.61, 34.71)
    return columns, Query(at=now(), region="410001001001001", point=point, services=(ServiceConfidence(catalogue.codes[0], 1.0),))


def somebody(columns: Columns, row: int) -> Volunteer:
    """A volunteer with the id and the place of this row."""
    alone = columns.everyone().only(np.asarray([row]))
    return Volunteer(
        id=alone.id_at(0), kind=ProviderKind.VOLUNTEER, name="测试乙", skills=(), bio="", region=str(alone.region[0]),
        point=Point(float(alone.lng[0]), float(alone.lat[0])), capacity=3, contact=Contact(), created_at=now(), changed_at=now(),
        availability=(Slot(6, 540, 720), Slot(7, 540, 720)), services=(ServiceConfidence("plumbing", 0.9), ServiceConfidence("drain", 0.1)),
    )  # fmt: skip
