"""The soft measures: what each means, that each stays in [0, 1], and what it gives where nothing is known."""

from datetime import timedelta
from math import exp
from random import Random

import numpy as np
import pytest

from matcher.ranking.criteria import CRITERIA, default_criteria
from matcher.ranking.query import Query, View
from models.acquaintance import Served
from models.provider import Provider
from models.schedule import Slot
from models.workload import work_at
from tests.make import AT, organisation, services, social_worker, terms, volunteer, window
from tests.matcher.city import CATALOGUE, asking, loaded, north, random_city, random_query, view

FAR_REGION = "420111001001001"
AFTERNOON = window(4)  # Monday from 16:00
KNOWN = volunteer()


def measured(code: str, provider: Provider, query: Query) -> float:
    return float(CRITERIA[code].measure(view(query, provider), np.asarray([0]))[0])


# The part of 0.6 against 0.2 when both are flattened by the power of 0.65.
HEDGED = 0.6**0.65 / (0.6**0.65 + 0.2**0.65)
MEANINGS = [
    ("skill", volunteer(services=services(plumbing=0.9)), asking(), 0.9),
    ("skill", volunteer(services=services(plumbing=0.8)), asking(services=services(plumbing=0.6, counselling=0.2)), 0.8 * HEDGED),
    ("skill", volunteer(services=services(electrical=0.5)), asking(), 0.5 * 0.25),
    ("location", volunteer(), asking(), 1.0),
    ("location", volunteer(region="420106001001"), asking(), 0.6 + 0.4 * 0.85),
    ("location", volunteer(region="420106001002001"), asking(), 0.6 + 0.4 * 0.6),
    ("location", volunteer(region="420106002001001"), asking(), 0.6 + 0.4 * 0.3),
    ("location", volunteer(region=FAR_REGION, point=north(3.0)), asking(), 0.6 * exp(-1)),
    ("capacity", volunteer(capacity=4, load=1), asking(), 0.75),
    ("capacity", volunteer(capacity=2, load=2), asking(), 0.0),
    ("capacity", volunteer(capacity=2, load=5), asking(), 0.0),
    ("availability", volunteer(availability=(Slot(1, 960, 1020),)), asking(window=AFTERNOON), 0.5),
    ("availability", volunteer(availability=(Slot(1, 960, 1080),)), asking(window=AFTERNOON), 1.0),
    ("availability", volunteer(availability=(Slot(1, 990, 1080),)), asking(window=window(1)), 0.5),
    ("rating", volunteer(rating_sum=5.0, rating_count=5), asking(), (5 + 3.75) / 10),
    ("rating", volunteer(rating_sum=0.0, rating_count=5), asking(), 3.75 / 10),
    ("text", volunteer(terms=terms(化学=200, 焊接=255)), asking(terms=terms(化学=200)), 1.0),
    ("text", volunteer(terms=terms(化学=200)), asking(terms=terms(化学=150, 英语=200)), 150 / 250 / 0.8),
    ("text", volunteer(terms=terms(化学=60)), asking(terms=terms(化学=150, 英语=200)), 60 / 250 / 0.8),
    ("text", volunteer(terms=terms(英语=200)), asking(terms=terms(化学=200)), 0.0),
    ("acceptance", volunteer(answered=5, accepted_count=5), asking(), (5 + 1.75) / 10),
    ("acceptance", volunteer(answered=15, accepted_count=0), asking(), 1.75 / 20),
    ("balance", volunteer(capacity=3, recent_work=3 * work_at(AT)), asking(), 0.5),
    ("balance", volunteer(capacity=3, recent_work=3 * work_at(AT)), asking(at=AT + timedelta(days=14)), 1 / 1.5),
    ("balance", organisation(capacity=27, recent_work=3 * work_at(AT)), asking(), 0.9),
    ("continuity", KNOWN, asking(known=(Served(KNOWN.ref, True),)), 1.0),
    ("continuity", KNOWN, asking(known=(Served(KNOWN.ref, False),)), 0.0),
    ("party_member", volunteer(party_member=True), asking(), 1.0),
    ("party_member", volunteer(party_member=False), asking(), 0.0),
]
ABSENCES = [
    ("skill", volunteer(services=()), asking(), 0.0),
    ("location", volunteer(region=FAR_REGION, point=None), asking(), 0.0),
    ("location", volunteer(), asking(point=None), 0.4),
    ("capacity", volunteer(capacity=1), asking(), 1.0),
    ("availability", volunteer(availability=()), asking(window=AFTERNOON), 0.5),
    ("availability", volunteer(availability=(Slot(1, 0, 60),)), asking(window=None), 0.5),
    ("rating", volunteer(), asking(), 0.75),
    ("text", volunteer(), asking(terms=terms(化学=200)), 0.0),
    ("text", volunteer(terms=terms(化学=200)), asking(), 0.0),
    ("acceptance", volunteer(), asking(), 0.35),
    ("balance", volunteer(), asking(), 1.0),
    ("continuity", KNOWN, asking(known=(Served(volunteer().ref, True),)), 0.5),
    ("party_member", organisation(), asking(), 0.0),
    ("party_member", social_worker(), asking(), 0.0),
]


@pytest.mark.parametrize(("code", "provider", "query", "expected"), MEANINGS)
def test_a_criterion_measures_what_it_says(code: str, provider: Provider, query: Query, expected: float) -> None:
    assert measured(code, provider, query) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("code", "provider", "query", "expected"), ABSENCES)
def test_where_nothing_is_known_a_criterion_gives_its_written_absence(
    code: str, provider: Provider, query: Query, expected: float
) -> None:
    assert measured(code, provider, query) == pytest.approx(expected)
    assert CRITERIA[code].absence, "what is given in its absence is written down"
    assert CRITERIA[code].measures


def test_meaning_and_absence_are_shown_for_every_criterion() -> None:
    assert {case[0] for case in MEANINGS} == {case[0] for case in ABSENCES} == set(CRITERIA)


@pytest.mark.parametrize("seed", range(20))
def test_every_criterion_stays_between_nothing_and_one_in_any_city(seed: int) -> None:
    dice = Random(seed)
    city = random_city(dice)
    laid = View(random_query(dice, city), loaded(*city), CATALOGUE)
    for code, each in CRITERIA.items():
        values = each.measure(laid, laid.live_rows())
        assert values.shape == (len(city),), code
        assert np.all((values >= 0) & (values <= 1)), code


def test_more_good_evaluations_lift_a_rating_towards_one_and_a_single_bad_one_does_not_sink_it() -> None:
    few, many = (measured("rating", volunteer(rating_sum=count, rating_count=count), asking()) for count in (1.0, 50.0))
    assert 0.75 < few < many < 1
    assert measured("rating", volunteer(rating_sum=0, rating_count=1), asking()) > 0.5


def test_without_a_profile_party_membership_weighs_nothing_and_the_weights_sum_to_one() -> None:
    weights = default_criteria()
    assert weights["party_member"] == 0
    assert sum(weights.values()) == pytest.approx(1)
