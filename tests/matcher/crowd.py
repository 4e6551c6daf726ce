"""A few thousand random rows at once, with few different values so that many tie; and random needs and weights for them."""

from dataclasses import replace
from random import Random

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns, epoch_minute, person_number, region_number, term_number
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.fields import Array
from matcher.ranking.query import Query
from matcher.ranking.ranker import Ranking
from models.acquaintance import Served
from models.place import Point
from models.provider import ServiceConfidence
from models.vocabulary import ProviderKind
from models.weights import Weights
from models.workload import half_lives
from tests.make import AT, HOME, services, weights, window
from tests.matcher.city import CATALOGUE, CODES, GRIDS, PHONES, REGIONS, WORDS, random_provider, random_terms

# Half-lives since the epoch: who has this has one order of late.
WORKED = half_lives(AT)


def crowd(dice: Random, size: int) -> Columns:
    """Columns in order, of so many rows; how much they differ is itself a matter of chance."""
    chance = np.random.default_rng(dice.randrange(1 << 32))
    columns = Columns(CATALOGUE, REGIONS, size)
    columns.extend(_fixed(dice, chance, size), _lists(dice, chance, size))
    columns.sort()
    return columns


def _fixed(dice: Random, chance: np.random.Generator, size: int) -> dict[str, Array]:
    kind = chance.choice(3, size, p=dice.choice([(0.8, 0.1, 0.1), (1, 0, 0), (0.2, 0.3, 0.5)]))
    spread = dice.choice((0.0, 0.005, 0.05, 0.4))
    spots = chance.uniform(-spread, spread, (dice.choice((1, 5, 200, size)), 2))
    at = spots[chance.integers(len(spots), size=size)]
    lng, lat = (np.round((home + at[:, axis]) * 1e7).astype(np.int64) for axis, home in enumerate((HOME.lng, HOME.lat)))
    nowhere = chance.random(size) < dice.choice((0, 0, 0.1, 1))
    digits = chance.choice((6, 9, 12, 15), size, p=(0.05, 0.05, 0.2, 0.7))
    grids = np.asarray([[region_number(grid[:each]) for each in (6, 9, 12, 15)] for grid in GRIDS])
    rated = chance.choice((0, 0, 3, 11), size) if dice.random() < 0.7 else np.zeros(size, int)
    return {
        "id_high": chance.integers(0, dice.choice((4, 1 << 60)), size).astype(np.uint64),
        "id_low": chance.permutation(size).astype(np.uint32),
        "live": chance.random(size) < dice.choice((1, 0.9, 0.3)),
        "active": chance.random(size) < dice.choice((1, 0.9)),
        "party_member": (kind == 0) & (chance.random(size) < 0.3),
        "traits": chance.integers(0, 64, size),
        "kind": kind,
        "credential": np.where(kind == 1, chance.integers(0, 4, size), 0),
        "lng": np.where(nowhere, np.iinfo(np.int32).min, lng),
        "lat": np.where(nowhere, np.iinfo(np.int32).min, lat),
        "region": grids[chance.integers(len(GRIDS), size=size), digits // 3 - 2],
        "region_digits": digits,
        "reach_km": np.where(kind == 0, 50, 100),
        "capacity": chance.integers(1, dice.choice((2, 5)), size),
        "load": chance.choice((0, 0, 1, 3), size) if dice.random() < 0.7 else np.zeros(size, int),
        "rating_sum": np.round(rated * chance.random(size) * 4) * 2500,
        "rating_count": rated,
        "answered": (answered := chance.choice((0, 0, 1, 30), size)),
        "accepted": answered // 3,
        "work_exponent": chance.choice(
            (-np.inf, WORKED - 1.5, WORKED, WORKED + 2), size, p=dice.choice([(1, 0, 0, 0), (0.4, 0.2, 0.2, 0.2)])
        ),
        "away_from": np.full(size, epoch_minute(AT) - 600),
        "away_to": np.where(chance.random(size) < 0.1, epoch_minute(AT) + 600, 0),
        "daily": chance.choice((0, 3, 255), size, p=(0.02, 0.3, 0.68)),
        "weekly": np.full(size, 255),
        "person": chance.choice([person_number(phone) for phone in PHONES], size),
    }


def _lists(dice: Random, chance: np.random.Generator, size: int) -> dict[str, tuple[Array, dict[str, Array]]]:
    skills = chance.choice(3, size, p=dice.choice([(0.1, 0.6, 0.3), (0, 1, 0), (0.7, 0.2, 0.1)]))
    first = chance.integers(4, size=int(skills.sum()))
    steps = dice.choice([(10_000,), (100, 3700, 5200, 9400), tuple(range(200, 10_001, 7))])
    free = chance.choice(3, size) if dice.random() < 0.6 else np.zeros(size, int)
    start = chance.integers(0, 7, int(free.sum())) * 1440 + chance.integers(0, 46, int(free.sum())) * 30
    said = chance.choice((0, 1, 4), size) if dice.random() < 0.6 else np.zeros(size, int)
    words = np.asarray([term_number(word) for word in WORDS])
    named = np.where(chance.random(size) < dice.choice((0, 0.01)), 1, 0)
    regions = np.asarray([region_number(code) for code in ("420106", "420106001001", "420111", "4201")])
    return {
        "services": (skills, {"item": first, "confidence": chance.choice(steps, len(first))}),
        "terms": (
            said,
            {"number": chance.choice(words, int(said.sum())), "weight": chance.choice((1, 90, 255), int(said.sum()))},
        ),
        "slots": (
            free,
            {"start": start, "end": np.minimum(start + chance.integers(1, 15, len(start)) * 20, start // 1440 * 1440 + 1440)},
        ),
        "serves": (named, {"number": chance.choice(regions, int(named.sum()))}),
        "name": (np.ones(size, int), {"byte": np.full(size, 65)}),
    }


def crowd_query(dice: Random, columns: Columns) -> Query:
    live = np.flatnonzero(columns.everyone().live)
    refs, others = (tuple(columns.ref_at(int(dice.choice(live))) for _ in range(4)) if len(live) else () for _ in range(2))
    wanted = dice.sample(CODES, k=dice.choice((0, 1, 1, 2, 3)))
    point = Point(HOME.lng + dice.choice((0.0, 0.003, 0.06)), HOME.lat + dice.choice((0.0, -0.002, 0.1)))
    return Query(
        at=AT,
        terms=random_terms(dice, 6) if dice.random() < 0.6 else (),
        known=tuple(Served(ref, dice.random() < 0.5) for ref in others[: dice.choice((0, 4))]),
        region=dice.choice(GRIDS)[: dice.choice((15, 15, 12, 9, 6))],
        point=dice.choice([point, point, point, None]),
        services=tuple(ServiceConfidence(code, dice.choice((0.1, 0.35, 0.8, 1.0))) for code in wanted),
        window=dice.choice([None, window(dice.choice((0.25, 1, 3, 30, 200)), start=AT.replace(day=dice.randint(1, 9)))]),
        kinds=frozenset(dice.sample(list(ProviderKind), k=dice.choice((1, 2, 3, 3)))),
        credential_rank=dice.choice((0, 0, 2)),
        resident_phone=dice.choice(("", "", *PHONES)),
        declined=refs[:2],
        asked=refs[2:],
    )


def crowd_weights(dice: Random) -> Weights:
    """A mix, or one criterion alone."""
    if dice.random() < 0.3:
        return weights(**{dice.choice(list(CRITERIA)): 1.0})
    mix = {code: dice.choice((0.0, 0.0, 0.1, 0.2, 0.5, dice.random())) for code in CRITERIA}
    return weights(**mix | {"skill": dice.choice((0.1, 0.5))})


def change(dice: Random, columns: Columns, number: int) -> None:
    """Rows come, go, move and change."""
    row = dice.randrange(columns.size)
    known = bool(columns.everyone().live[row])
    ref = columns.ref_at(row)
    step = dice.random()
    if known and step < 0.2:
        columns.remove(ref)
        return
    provider = random_provider(dice, ref.id if known and step < 0.7 else f"{(7 << 92) + number:024x}")
    columns.put(provider)


def told(ranking: Ranking | None) -> object:
    assert ranking is not None
    return [(each.ref, each.name, each.score, each.distance_km, dict(each.contributions)) for each in ranking.candidates]


def with_an_item_more(seed: int) -> tuple[Catalogue, Columns, Query, Weights]:
    """A city whose blocks were there before a service item was added, with many who can do it; and a need of it."""
    dice = Random(seed)
    catalogue, columns = Catalogue(CATALOGUE.items), crowd(dice, 4096)
    columns.catalogue, columns.attached = catalogue, None
    blocks_of(columns, catalogue)
    assert catalogue.renew([*catalogue, replace(catalogue.items[0], code="pet_care", name="照看宠物")])
    for number in range(700):
        able = random_provider(dice, f"{(9 << 92) + number:024x}")
        columns.put(replace(able, services=services(pet_care=0.9)))
    columns.sort()
    query = replace(crowd_query(dice, columns), services=services(pet_care=0.8), window=None)
    return catalogue, columns, query, crowd_weights(dice)
