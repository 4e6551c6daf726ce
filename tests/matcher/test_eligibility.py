"""The hard rules: for each a provider who passes and one who falls, and the edges where the two meet."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import MIN_OVERLAP_MINUTES, RULES, first_broken, sift
from matcher.ranking.query import make_query
from models.account import ProviderRef
from models.budget import day_number
from models.provider import Contact, Provider
from models.schedule import Slot, Window
from models.understanding import Constraints
from models.vocabulary import Credential, Gender, Language, ProviderKind
from tests.make import AT, GRID, HOME, organisation, services, social_worker, volunteer, window
from tests.matcher.city import CATALOGUE, REGIONS, asking, north, view

ANOTHER_STREET = "420106002001001"


@dataclass
class Pair:
    passes: Provider
    falls: Provider
    asked: dict[str, Any] = field(default_factory=dict)


REFUSED = volunteer()
# The window opens on Monday at 16:00.
PAIRS = {
    "active": Pair(volunteer(), volunteer(active=False)),
    "away": Pair(
        volunteer(away_from=AT - timedelta(days=2), away_to=AT),
        volunteer(away_from=AT, away_to=AT + timedelta(days=1)),
        {"at": AT},
    ),
    "budget": Pair(
        volunteer(asked_day=day_number(AT), asked_today=2, asked_week=9),
        volunteer(asked_day=day_number(AT), asked_today=3, asked_week=3),
        {"at": AT},
    ),
    "kind": Pair(volunteer(), organisation(), {"kinds": frozenset({ProviderKind.VOLUNTEER})}),
    "resident": Pair(
        volunteer(contact=Contact(phone="00000000001")),
        volunteer(contact=Contact(phone="00000000002")),
        {"resident_phone": "00000000002"},
    ),
    "declined": Pair(volunteer(), REFUSED, {"declined": (REFUSED.ref,)}),
    "asked": Pair(volunteer(), REFUSED, {"asked": (REFUSED.ref,)}),
    "credential": Pair(
        social_worker(credential=Credential.INTERMEDIATE), social_worker(credential=Credential.ASSISTANT), {"credential_rank": 2}
    ),
    "constraint": Pair(
        volunteer(gender=Gender.FEMALE, languages=(Language.SIGN,)),
        volunteer(languages=(Language.SIGN,)),
        {"constraints": Constraints(Gender.FEMALE, (Language.SIGN,))},
    ),
    "skill": Pair(volunteer(services=services(plumbing=0.04)), volunteer(services=services(plumbing=0.02))),
    "area": Pair(
        volunteer(region=ANOTHER_STREET, point=north(4.9)),
        volunteer(region=ANOTHER_STREET, point=north(5.1)),
    ),
    "available": Pair(
        volunteer(availability=(Slot(1, 17 * 60, 18 * 60),)),
        volunteer(availability=(Slot(2, 17 * 60, 18 * 60),)),
        {"window": window(2)},
    ),
    "capacity": Pair(volunteer(load=2, capacity=3), volunteer(load=3, capacity=3)),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_lets_one_pass_and_excludes_the_other(code: str) -> None:
    pair = PAIRS[code]
    laid = view(asking(**pair.asked), pair.passes, pair.falls)
    rows, excluded = sift(laid)
    assert [laid.columns.ref_at(row) for row in rows] == [pair.passes.ref]
    assert excluded == {code: 1}
    broken = first_broken(laid, laid.columns.row_of[pair.falls.ref])
    assert broken is not None
    assert broken.code == code
    assert first_broken(laid, laid.columns.row_of[pair.passes.ref]) is None


@pytest.mark.parametrize("registry", [RULES, CRITERIA], ids=["rules", "criteria"])
def test_every_rule_and_criterion_is_named_by_a_test_and_labelled_in_chinese(registry: dict[str, Any]) -> None:
    name = "test_eligibility.py" if registry is RULES else "test_criteria.py"
    source = (Path(__file__).parent / name).read_text(encoding="utf-8")
    assert [code for code in registry if f'"{code}"' not in source] == []
    assert [code for code, each in registry.items() if each.label.isascii() or each.code != code] == []


def test_who_falls_to_several_rules_is_counted_under_the_first() -> None:
    _, excluded = sift(view(asking(), volunteer(active=False, load=3, services=())))
    assert excluded == {"active": 1}


def test_a_need_of_which_nothing_was_understood_asks_nobodys_skill() -> None:
    rows, excluded = sift(view(asking(services=()), volunteer(services=())))
    assert (len(rows), excluded) == (1, {})


def test_a_related_item_counts_as_a_lesser_skill() -> None:
    laid = view(asking(), volunteer(services=services(electrical=1.0)), volunteer(services=services(counselling=1.0)))
    assert laid.skill() == pytest.approx([0.25, 0.0])


def test_no_phone_is_nobody_so_a_provider_without_one_is_not_taken_for_the_resident() -> None:
    assert sift(view(asking(resident_phone=""), volunteer()))[1] == {}
    assert sift(view(asking(resident_phone="00000000009"), volunteer()))[1] == {}


@pytest.mark.parametrize(
    ("provider", "excluded"), [(volunteer(), {}), (organisation(), {}), (social_worker(), {"credential": 1})]
)
def test_a_credential_is_asked_of_social_workers_only(provider: Provider, excluded: dict[str, int]) -> None:
    assert sift(view(asking(credential_rank=1), provider))[1] == excluded


def test_the_likeliest_item_says_who_may_serve_and_which_credential_is_needed() -> None:
    told = services(counselling=0.8, plumbing=0.2, gone=0.1)
    made = make_query(CATALOGUE, REGIONS, at=AT, region=GRID, point=None, services=told)
    assert made.kinds == {ProviderKind.SOCIAL_WORKER, ProviderKind.ORGANISATION}
    assert made.credential_rank == Credential.INTERMEDIATE.rank
    assert made.point == HOME, "the district's point stands in for a grid without one"
    assert [service.code for service in made.services] == ["counselling", "plumbing"]


AREAS = [
    (volunteer(region="420106001002001", point=north(30)), True),  # the same street, however far its point
    (volunteer(region="420106", point=north(30)), False),  # known to the district only
    (volunteer(region=ANOTHER_STREET, point=None), True),  # the district's point, which is home
    (volunteer(region="420111001001001", point=None), False),  # neither a point nor the street
    (social_worker(region=ANOTHER_STREET, point=north(9.9)), True),
    (social_worker(region=ANOTHER_STREET, point=north(10.1)), False),
    (organisation(region=ANOTHER_STREET, point=north(9.9)), True),
    (organisation(region="420111001001001", point=north(40), service_regions=("420106001",)), True),
    (organisation(service_regions=("420106",)), True),
    (organisation(service_regions=(ANOTHER_STREET,)), False),  # next door, but it serves elsewhere
    (organisation(service_regions=("420106001002",)), False),
]


@pytest.mark.parametrize(("provider", "serves"), AREAS)
def test_the_area_is_reach_or_street_or_the_regions_an_organisation_named(provider: Provider, serves: bool) -> None:
    assert sift(view(asking(), provider))[1] == ({} if serves else {"area": 1})


def test_who_told_no_hours_is_asked() -> None:
    assert sift(view(asking(window=window(2)), volunteer(availability=())))[1] == {}


@pytest.mark.parametrize(("minutes_free", "excluded"), [(MIN_OVERLAP_MINUTES - 1, {"available": 1}), (MIN_OVERLAP_MINUTES, {})])
def test_less_than_half_an_hour_of_the_window_is_no_help(minutes_free: int, excluded: dict[str, int]) -> None:
    early = volunteer(availability=(Slot(1, 0, 16 * 60 + minutes_free),))
    assert sift(view(asking(window=window(2)), early))[1] == excluded


@pytest.mark.parametrize("seconds", [600, 630, 659, 45])
def test_who_is_free_for_the_whole_of_a_short_window_is_available(seconds: int) -> None:
    short = Window(AT + timedelta(seconds=20), AT + timedelta(seconds=20 + seconds))
    all_day = volunteer(availability=(Slot(1, 0, 1440),))
    assert sift(view(asking(window=short), all_day))[1] == {}


def test_a_declined_provider_of_another_kind_with_the_same_id_is_not_excluded() -> None:
    one = volunteer()
    other = ProviderRef(ProviderKind.ORGANISATION, one.id)
    assert sift(view(asking(declined=(other,)), one))[1] == {}


def test_rules_speak_of_rows_in_use_only() -> None:
    gone, there = volunteer(), volunteer()
    laid = view(asking(), gone, there)
    laid.table.remove(gone.ref)
    rows, excluded = sift(laid)
    assert (np.array(rows).tolist(), excluded) == ([laid.columns.row_of[there.ref]], {})
