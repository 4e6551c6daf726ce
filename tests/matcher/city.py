"""A small catalogue, a small map, and random providers on it."""

from datetime import timedelta
from random import Random
from typing import Any

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.query import Query, View
from models.acquaintance import Served
from models.place import Point, Region, Regions, ancestry
from models.provider import Contact, Provider, Term
from models.schedule import Slot, Window, merge_slots
from models.service_item import ServiceItem
from models.understanding import Constraints
from models.vocabulary import Credential, Gender, Language, OrganisationType, ProviderKind, RegionLevel
from models.workload import work_at
from tests.make import AT, GRID, HOME, organisation, services, social_worker, volunteer, window

CODES = ("plumbing", "electrical", "counselling", "escort")
GRIDS = (GRID, "420106001001002", "420106001002001", "420106002001001", "420111001001001")
# Exactly representable shares and confidences keep the oracle off rounding's edges.
CONFIDENCES = (0.11, 0.37, 0.52, 0.73, 0.94)
WORDS = ("化学", "英语", "轮椅", "焊接", "阀门", "c:school_subjects", "c:water", "古筝", "太极拳", "讨薪")
SPOKEN = (Language.WUHAN, Language.HENAN, Language.CANTONESE)
PHONES = ("", "00000000001", "00000000002")


def item(code: str, **changes: object) -> ServiceItem:
    return ServiceItem(**({"code": code, "name": f"事项{code}", "group": "g", "group_name": "组", "covers": ""} | changes))


CATALOGUE = Catalogue(
    [
        item("plumbing", related=("electrical",)),
        item("electrical", related=("plumbing",)),
        item("counselling", credential=Credential.INTERMEDIATE, who=(ProviderKind.SOCIAL_WORKER, ProviderKind.ORGANISATION)),
        item("escort", related=("counselling",)),
    ]
)


def _region(code: str) -> Region:
    above = ancestry(code)[1:]
    point = HOME if len(code) == 6 and code != "420111" else None
    return Region(code, code, RegionLevel.GRID, above[0] if above else None, point, False)


REGIONS = Regions(_region(code) for code in sorted({above for grid in GRIDS for above in ancestry(grid)}))


def loaded(*providers: Provider, room: int = 64) -> Columns:
    columns = Columns(CATALOGUE, REGIONS, room)
    for provider in providers:
        columns.put(provider)
    return columns


def asking(**changes: object) -> Query:
    return Query(**({"at": AT, "region": GRID, "point": HOME, "services": services(plumbing=1.0)} | changes))


def view(query: Query, *providers: Provider) -> View:
    return View(query, loaded(*providers), CATALOGUE)


def north(km: float, of: Point = HOME) -> Point:
    # The columns keep seven places, a centimetre.
    return Point(of.lng, round(of.lat + km / 111.19508, 7))


def random_point(dice: Random) -> Point | None:
    return dice.choice([None, HOME, north(0.5), Point(114.31, 30.56), Point(114.34, 30.58), Point(114.5, 30.7)])


def random_slots(dice: Random) -> tuple[Slot, ...]:
    found = []
    for _ in range(dice.choice((0, 0, 2, 5))):
        start = dice.randrange(0, 1380)
        found.append(Slot(dice.randint(1, 7), start, min(1440, start + dice.randrange(15, 600))))
    return merge_slots(found)


def random_terms(dice: Random, most: int) -> tuple[Term, ...]:
    return tuple(Term(word, dice.choice((1, 90, 200, 255))) for word in dice.sample(WORDS, k=dice.choice((0, 2, most))))


def random_absence(dice: Random) -> dict[str, Any]:
    start, end = (AT + timedelta(hours=dice.randrange(-100, 200)) for _ in range(2))
    return dice.choice([{}, {}, {}, {"away_from": min(start, end), "away_to": max(start, end)}, {"away_to": end}])


def random_asking(dice: Random) -> dict[str, Any]:
    today = dice.randrange(0, 5)
    asked = {
        "asked_day": AT.date().toordinal() + dice.randrange(-9, 9),
        "asked_today": today,
        "asked_week": today + dice.randrange(9),
    }
    return dice.choice([{}, asked, {**asked, "daily_offers": 0}, {**asked, "weekly_offers": 5}])


def random_provider(dice: Random, id: str) -> Provider:
    skilled = {code: dice.choice(CONFIDENCES) for code in dice.sample(CODES, k=dice.choice((0, 1, 1, 2)))}
    rated = dice.choice((0, 0, 3, 5, 11))
    answered = dice.choice((0, 0, 1, 4, 30))
    worked_at = [AT - timedelta(days=dice.randrange(90)) for _ in range(dice.choice((0, 0, 1, 6)))]
    common = {
        "id": id,
        "services": services(**skilled),
        "region": dice.choice([grid[: dice.choice((15, 15, 12, 9, 6))] for grid in GRIDS]),
        "point": random_point(dice),
        "capacity": dice.randint(1, 4),
        "load": dice.choice((0, 0, 1, 2, 5)),
        "availability": random_slots(dice),
        "rating_sum": round(dice.random() * rated, 2),
        "rating_count": rated,
        "terms": random_terms(dice, 8),
        "answered": answered,
        "accepted_count": dice.randint(0, answered),
        "recent_work": sum(map(work_at, worked_at)),
        "languages": tuple(dice.sample(SPOKEN, k=dice.choice((0, 0, 1, 2)))),
        "active": dice.random() < 0.9,
        "contact": Contact(phone=dice.choice(PHONES)),
        **random_absence(dice),
        **random_asking(dice),
    }
    kind = dice.choice(list(ProviderKind))
    gender = dice.choice((None, *Gender))
    if kind == ProviderKind.VOLUNTEER:
        return volunteer(party_member=dice.random() < 0.5, gender=gender, **common)
    if kind == ProviderKind.SOCIAL_WORKER:
        return social_worker(credential=dice.choice(list(Credential)), gender=gender, **common)
    served = dice.choice([(), (), ("420106",), ("420106001001", "420111"), ("420106002",)])
    return organisation(service_regions=served, type=dice.choice(list(OrganisationType)), **common)


def random_wish(dice: Random) -> Constraints:
    return Constraints(dice.choice((None, *Gender)), tuple(dice.sample(SPOKEN, k=dice.choice((0, 0, 1)))), dice.random() < 0.3)


def random_city(dice: Random, size: int = 40) -> list[Provider]:
    return [random_provider(dice, f"{number:024x}") for number in range(size)]


def random_query(dice: Random, city: list[Provider]) -> Query:
    asked_for = dice.choice([services(plumbing=1.0), services(plumbing=0.75, electrical=0.25), services(escort=0.6), ()])
    spans: list[Window | None] = [None, window(dice.choice((0.25, 1, 3, 30, 200)), start=AT.replace(day=dice.randint(1, 9)))]
    refused = dice.sample([provider.ref for provider in city], k=4)
    return asking(
        region=dice.choice(GRIDS)[: dice.choice((15, 12, 9, 6))],
        point=random_point(dice),
        services=asked_for,
        terms=random_terms(dice, 10),
        known=tuple(Served(provider.ref, dice.random() < 0.5) for provider in dice.sample(city, k=dice.choice((0, 3, 9)))),
        constraints=dice.choice((Constraints(), Constraints(), random_wish(dice))),
        window=dice.choice(spans),
        kinds=frozenset(dice.sample(list(ProviderKind), k=dice.choice((1, 2, 3, 3)))),
        credential_rank=dice.choice((0, 0, 1, 2)),
        resident_phone=dice.choice(("", "", *PHONES)),
        declined=tuple(refused[:2]),
        asked=tuple(refused[2:]),
        at=dice.choice((AT, AT + timedelta(days=3), AT + timedelta(hours=9))),
        urgency=dice.choice((1, 2, 3, 4)),
    )
