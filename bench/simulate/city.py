"""The simulated city: people and places of the demo city, needs by its catalogue, arriving as a Poisson process with a day's profile."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

import numpy as np

from bench.simulate.clock import ACCEPT_WITHIN, DAY, HOUR, moment
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns, Rows
from matcher.ranking.eligibility import sift
from matcher.ranking.query import Query, View, make_query
from models.account import ProviderRef
from models.place import Region, Regions
from models.provider import Provider, ServiceConfidence
from models.schedule import Window
from models.vocabulary import ProviderKind, RegionLevel
from seed.people import demo_people
from seed.sources import DEMO_DISTRICTS, catalogue_items, pairs, regions

PROVIDERS = 600
NEEDS_A_DAY = 40.0
WEEKEND_FACTOR = 0.8
# How many needs come in each hour of the day, relative to one another.
HOURS = (*[0.15] * 7, 0.6, *[1.6] * 4, *[1.0] * 2, *[1.4] * 4, *[1.1] * 3, 0.6, *[0.3] * 2)
# How many service items one provider offers, by kind: from, to.
ITEMS = {ProviderKind.VOLUNTEER: (2, 4), ProviderKind.SOCIAL_WORKER: (2, 4), ProviderKind.ORGANISATION: (3, 6)}
SAME_GROUP = 0.5
# Of the needs that can wait, so many name two hours at which they want to be served.
TIMED = 0.4


@dataclass(frozen=True, slots=True)
class SimNeed:
    number: int
    arrives: float
    until: float
    urgency: int
    query: Query

    def asked_at(self, minute: float, asked: tuple[ProviderRef, ...]) -> Query:
        return replace(self.query, at=moment(minute), asked=asked)


@dataclass(frozen=True, slots=True)
class City:
    seed: int
    catalogue: Catalogue
    regions: Regions
    providers: tuple[Provider, ...]
    needs: tuple[SimNeed, ...]

    def columns(self) -> Columns:
        columns = Columns(self.catalogue, self.regions, room=len(self.providers))
        for provider in self.providers:
            columns.put(provider)
        return columns


@cache
def _ground() -> tuple[Catalogue, Regions, tuple[Provider, ...], tuple[Region, ...]]:
    """What all seeds share."""
    known = Regions(regions())
    homes = tuple(region for region in known if region.level == RegionLevel.GRID and region.code[:6] in DEMO_DISTRICTS)
    return Catalogue(catalogue_items()), known, tuple(demo_people(known)), homes


def make_city(seed: int, weeks: int) -> City:
    catalogue, known, people, homes = _ground()
    dice = np.random.default_rng((seed, 1))
    asked_for = [(row[0].split(",")[0], int(row[1])) for row in pairs("demo/needs.tsv")]
    chosen = sorted(dice.choice(len(people), PROVIDERS, replace=False).tolist())
    providers = tuple(_able(people[at], catalogue, [code for code, _ in asked_for], dice) for at in chosen)
    needs = tuple(
        _need(number, minute, *asked_for[dice.integers(len(asked_for))], homes[dice.integers(len(homes))], catalogue, known, dice)
        for number, minute in enumerate(_arrivals(weeks, dice))
    )
    return City(seed, catalogue, known, providers, needs)


def _able(person: Provider, catalogue: Catalogue, wanted: list[str], dice: np.random.Generator) -> Provider:
    """What people can do follows what is asked for, and goes by trades. What they are known to accept starts from nothing."""
    least, most = ITEMS[person.kind]
    items = [wanted[dice.integers(len(wanted))]]
    group = [item.code for item in catalogue if item.group == catalogue.require(items[0]).group]
    for _ in range(int(dice.integers(least, most + 1)) - 1):
        pool = group if dice.random() < SAME_GROUP else wanted
        items.append(pool[dice.integers(len(pool))])
    services = tuple(ServiceConfidence(code, round(float(dice.uniform(0.6, 1.0)), 3)) for code in dict.fromkeys(items))
    return replace(person, services=services, terms=(), load=0, answered=0, accepted_count=0, recent_work=0.0)


def _arrivals(weeks: int, dice: np.random.Generator) -> list[float]:
    share = np.asarray(HOURS) / sum(HOURS)
    minutes: list[float] = []
    for day in range(7 * weeks):
        rate = NEEDS_A_DAY * (WEEKEND_FACTOR if day % 7 >= 5 else 1.0)
        for hour, count in enumerate(dice.poisson(rate * share)):
            minutes.extend((day * DAY + hour * HOUR + dice.uniform(0, HOUR, count)).tolist())
    return sorted(minutes)


def _need(
    number: int,
    minute: float,
    item: str,
    urgency: int,
    home: Region,
    catalogue: Catalogue,
    known: Regions,
    dice: np.random.Generator,
) -> SimNeed:
    until = minute + ACCEPT_WITHIN[urgency]
    wished = float(dice.random()), int(dice.integers(1, 4)), int(dice.integers(9, 19))
    window = _window(until, *wished[1:]) if urgency <= 2 and wished[0] < TIMED else None
    query = make_query(
        catalogue,
        known,
        at=moment(minute),
        region=home.code,
        point=home.point,
        services=(ServiceConfidence(item, 1.0),),
        window=window,
        urgency=urgency,
    )
    return SimNeed(number, minute, until, urgency, query)


def _window(until: float, days: int, hour: int) -> Window:
    start = moment((until // DAY + days) * DAY + hour * HOUR)
    return Window(start, start + timedelta(hours=2))


def able_rows(city: City, since: float, step: int = 4) -> Rows:
    """Who could serve at least one of the needs by the hard rules, when all are rested."""
    columns = city.columns()
    found = np.zeros(columns.size, dtype=np.bool_)
    for need in [need for need in city.needs if need.arrives >= since][::step]:
        found[sift(View(need.query, columns, city.catalogue))[0]] = True
    return np.flatnonzero(found)
