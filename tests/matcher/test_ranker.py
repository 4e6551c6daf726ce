"""The vectorised ranking against a slow one, written here from the definitions alone; only the tuned numbers are shared."""

from datetime import UTC, date, datetime, timedelta
from math import asin, cos, exp, hypot, inf, radians, sin
from random import Random

import pytest

from matcher.ranking.columns import REACH_KM
from matcher.ranking.criteria import (
    CRITERIA,
    DECAY_KM,
    DISTANCE_PART,
    ENOUGH_MINUTES,
    PRIOR_COUNT,
    PRIOR_RATING,
    SHARED_REGION,
    UNKNOWN,
)  # fmt: skip
from matcher.ranking.eligibility import MIN_OVERLAP_MINUTES, RULES, first_broken
from matcher.ranking.query import Query, View
from matcher.ranking.ranker import Ranking, rank
from models.organisation import Organisation
from models.place import Point
from models.provider import Provider
from models.schedule import Window
from models.social_worker import SocialWorker
from models.vocabulary import OrganisationType
from models.volunteer import Volunteer
from models.weights import Weights
from tests.make import AT, volunteer, weights
from tests.matcher.city import CATALOGUE, REGIONS, asking, loaded, random_city, random_query

SEEDS = range(60)


def rounded(value: float) -> float:
    return round(value * 1e6) / 1e6


def chord_km(one: Point, other: Point) -> float:
    """The great circle by way of the straight line through the earth."""

    def on_sphere(point: Point) -> tuple[float, float, float]:
        lng, lat = radians(point.lng), radians(point.lat)
        return cos(lat) * cos(lng), cos(lat) * sin(lng), sin(lat)

    straight = hypot(*(a - b for a, b in zip(on_sphere(one), on_sphere(other), strict=True)))
    return 2 * 6371.0088 * asin(straight / 2)


def minutes_of(window: Window) -> set[int]:
    """Minutes of the local week, counted one by one; Shanghai is eight hours ahead."""
    found, at = set(), window.from_at + timedelta(hours=8)
    for _ in range(min(10_080, int((window.to_at - window.from_at).total_seconds() // 60))):
        found.add(at.weekday() * 1440 + at.hour * 60 + at.minute)
        at += timedelta(minutes=1)
    return found


class Slow:
    """What the definitions say of one provider and one query, without numpy."""

    def __init__(self, query: Query, provider: Provider) -> None:
        self.query, self.provider = query, provider
        point = provider.point or REGIONS.point_of(provider.region)
        self.distance = chord_km(query.point, point) if query.point and point else None
        self.skill = self._skill()
        self.overlap = self._overlap()

    def _skill(self) -> float:
        can = {service.code: service.confidence for service in self.provider.services}
        total = sum(service.confidence**0.65 for service in self.query.services)  # the hedge: the second reading counts too
        worth = 0.0
        for service in self.query.services:
            item = CATALOGUE.get(service.code)
            assert item is not None
            best = max([can.get(item.code, 0.0), *(0.25 * can.get(other, 0.0) for other in item.related)])
            worth += service.confidence**0.65 / total * best
        return worth

    def _overlap(self) -> int | None:
        if self.query.window is None or not self.provider.availability:
            return None
        free = {minute for slot in self.provider.availability for minute in range(*slot.week_minutes)}
        return len(free & minutes_of(self.query.window))

    def broken(self) -> str | None:
        query, who = self.query, self.provider
        served = who.service_regions if isinstance(who, Organisation) else ()
        near = self.distance is not None and self.distance <= REACH_KM[who.kind]
        same_street = len(query.region) >= 9 and query.region[:9] == who.region[:9]
        enough = min(MIN_OVERLAP_MINUTES, query.window.minutes) if query.window else 0
        failed = {
            "active": not who.active,
            "away": self._is_away(),
            "kind": who.kind not in query.kinds,
            "resident": bool(query.resident_phone) and query.resident_phone == who.contact.phone,
            "declined": who.ref in query.declined,
            "asked": who.ref in query.asked,
            "credential": isinstance(who, SocialWorker) and who.credential.rank < query.credential_rank,
            "constraint": not self._grants(),
            "skill": bool(query.services) and self.skill < 0.03,
            "area": not any(query.region.startswith(code) for code in served) if served else not (near or same_street),
            "available": self.overlap is not None and self.overlap < enough,
            "capacity": who.load >= who.capacity,
            "budget": self._is_asked_out(),
        }
        return next((code for code in RULES if failed[code]), None)

    def _grants(self) -> bool:
        """Wishes are met by what a person has said; an organisation can send a woman or a man, a party unit a party member."""
        wish, who = self.query.constraints, self.provider
        sends = isinstance(who, Organisation)
        of_party = who.type == OrganisationType.PARTY_UNIT if sends else isinstance(who, Volunteer) and who.party_member
        spoken = {*who.languages, *who.languages_read}
        return (
            (wish.gender is None or sends or who.gender == wish.gender)
            and set(wish.languages) <= spoken
            and (of_party or not wish.party_member)
        )

    def _text(self) -> float:
        """The need's words that the provider holds too, each as far as both weigh it; eight tenths of it all is enough."""
        held = {term.word: term.weight for term in self.provider.terms}
        covered = sum(min(term.weight, held.get(term.word, 0)) ** 2 for term in self.query.terms)
        whole = sum(term.weight**2 for term in self.query.terms)
        return min(1.0, (covered / whole) ** 0.5 / 0.8) if whole else 0.0

    def _balance(self) -> float:
        """Recent orders halve every fourteen days; as many as the capacity give a half."""
        days = (self.query.at - datetime(2024, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
        return self.provider.capacity / (self.provider.capacity + self.provider.recent_work * 0.5 ** (days / 14))

    def _is_away(self) -> bool:
        query, who = self.query, self.provider
        moment = query.window.from_at if query.window else query.at
        return who.away_to is not None and (who.away_from or moment) <= moment < who.away_to

    def _is_asked_out(self) -> bool:
        """By the calendar: the local day, and the week that begins on its Monday."""
        query, who = self.query, self.provider
        if query.urgency == 4:
            return False
        today = (query.at + timedelta(hours=8)).date()
        asked_on = date.fromordinal(who.asked_day) if who.asked_day else date.min
        daily, weekly = who.offer_limits
        in_day = who.asked_today if asked_on == today else 0
        in_week = who.asked_week if asked_on.isocalendar()[:2] == today.isocalendar()[:2] else 0
        return in_day >= daily or in_week >= weekly

    def values(self) -> dict[str, float]:
        query, who = self.query, self.provider
        shared = max(
            (worth for digits, worth in SHARED_REGION.items()
             if len(query.region) >= digits and query.region[:digits] == who.region[:digits]),
            default=0.0,
        )  # fmt: skip
        decay = exp(-self.distance / DECAY_KM) if self.distance is not None else 0.0
        free = (
            UNKNOWN
            if self.overlap is None or not query.window
            else min(1.0, self.overlap / min(ENOUGH_MINUTES, query.window.minutes))
        )
        return {
            "skill": self.skill,
            "text": self._text(),
            "location": DISTANCE_PART * decay + (1 - DISTANCE_PART) * shared,
            "capacity": max(0.0, (who.capacity - who.load) / who.capacity),
            "availability": free,
            "rating": (who.rating_sum + PRIOR_COUNT * PRIOR_RATING) / (who.rating_count + PRIOR_COUNT),
            "acceptance": (who.accepted_count + 1.75) / (who.answered + 5),
            "balance": self._balance(),
            "continuity": next((float(each.content) for each in query.known if each.provider == who.ref), 0.5),
            "party_member": float(isinstance(who, Volunteer) and who.party_member),
        }

    def score(self, profile: Weights) -> float:
        whole = sum(profile.criteria.values())
        return rounded(sum(rounded(profile.criteria[code] / whole * rounded(value)) for code, value in self.values().items()))


def random_weights(dice: Random) -> Weights:
    return weights(**{code: dice.choice((0, 1, 2, 5)) for code in CRITERIA} | {"skill": 3})


def shape(ranking: Ranking) -> list[tuple[str, float]]:
    return [(str(each.ref), each.score) for each in ranking.candidates]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fast_ranking_is_the_slow_one(seed: int) -> None:
    dice = Random(seed)
    city = random_city(dice)
    query, profile = random_query(dice, city), random_weights(dice)
    fast = rank(query, loaded(*city), CATALOGUE, profile, len(city))

    slow = [Slow(query, provider) for provider in city]
    left = [each for each in slow if each.broken() is None]
    left.sort(key=lambda each: (-each.score(profile), inf if each.distance is None else rounded(each.distance), each.provider.id))
    assert shape(fast) == [(str(each.provider.ref), each.score(profile)) for each in left]
    fallen = [each.broken() for each in slow if each.broken()]
    assert dict(fast.excluded) == {code: fallen.count(code) for code in RULES if code in fallen}
    for candidate, each in zip(fast.candidates, left, strict=True):
        told = {code: part.value for code, part in candidate.contributions.items()}
        assert told == pytest.approx(each.values(), abs=2e-6)
        assert candidate.distance_km == (None if each.distance is None else pytest.approx(each.distance, abs=6e-4))


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_a_candidate_or_excluded_by_exactly_one_rule(seed: int) -> None:
    dice = Random(seed)
    city = random_city(dice)
    query, columns = random_query(dice, city), loaded(*city)
    ranking = rank(query, columns, CATALOGUE, weights(), 3)
    assert ranking.eligible + sum(ranking.excluded.values()) == len(city)
    assert len(ranking.candidates) == min(3, ranking.eligible)
    everyone = View(query, columns, CATALOGUE)
    broken = [first_broken(everyone, row) for row in range(len(city))]
    assert broken.count(None) == ranking.eligible


@pytest.mark.parametrize("seed", SEEDS)
def test_the_points_of_a_candidate_sum_to_the_score(seed: int) -> None:
    dice = Random(seed)
    city = random_city(dice)
    for candidate in rank(random_query(dice, city), loaded(*city), CATALOGUE, random_weights(dice), 40).candidates:
        parts = candidate.contributions.values()
        assert set(candidate.contributions) == set(CRITERIA)
        assert sum(part.points for part in parts) == pytest.approx(candidate.score, abs=1e-9)
        assert sum(part.weight for part in parts) == pytest.approx(1)
        assert all(part.points == pytest.approx(part.value * part.weight, abs=1e-6) for part in parts)
        assert 0 <= candidate.score <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_does_not_depend_on_who_came_first_nor_on_how_many_are_shown(seed: int) -> None:
    dice = Random(seed)
    city = random_city(dice, 12)
    twins = [type(each)(**{**{f: getattr(each, f) for f in each.__dataclass_fields__}, "id": f"{9 - n:024x}"})
             for n, each in enumerate(city[:6])]  # fmt: skip
    query, profile = random_query(dice, city), random_weights(dice)
    people = list({each.id: each for each in [*twins, *city]}.values())
    whole = shape(rank(query, loaded(*people), CATALOGUE, profile, 40))
    dice.shuffle(people)
    shuffled = loaded(*people)
    assert [shape(rank(query, shuffled, CATALOGUE, profile, limit)) for limit in range(1, 20)] == [
        whole[:limit] for limit in range(1, 20)
    ]


def test_ties_break_by_distance_and_then_by_id() -> None:
    near, far = Point(114.3, 30.55), Point(114.32, 30.55)
    people = [volunteer(id=id, point=point) for id, point in (("b", far), ("c", near), ("a", far), ("d", None))]
    ranking = rank(asking(region="420106", point=near), loaded(*people), CATALOGUE, weights(skill=1), 10)
    assert [each.score for each in ranking.candidates] == [1.0] * 4
    # d has no point of its own and stands at the district's, which is where the need is
    assert [each.ref.id for each in ranking.candidates] == ["c", "d", "a", "b"]


def test_nobody_is_ranked_in_an_empty_city() -> None:
    ranking = rank(asking(window=Window(AT, AT + timedelta(hours=1))), loaded(), CATALOGUE, weights(), 10)
    assert (ranking.candidates, ranking.eligible, dict(ranking.excluded)) == ((), 0, {})
