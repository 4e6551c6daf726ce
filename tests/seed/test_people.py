"""The demo city's people: enough of each kind, all invented, the same every time."""

from collections import Counter

import pytest

from models.organisation import Organisation
from models.place import Regions
from models.provider import Provider
from models.schedule import merge_slots
from models.social_worker import SocialWorker
from models.vocabulary import Credential, OrganisationType, ProviderKind, RegionLevel
from models.volunteer import Volunteer
from seed.people import demo_id, demo_people
from seed.sources import DEMO_DISTRICTS, regions

REGIONS = Regions(regions())


@pytest.fixture(scope="module")
def people() -> list[Provider]:
    return list(demo_people(REGIONS))


def test_the_city_has_enough_of_each_kind_and_every_form_of_organisation(people: list[Provider]) -> None:
    counts = Counter(person.kind for person in people)
    assert counts[ProviderKind.VOLUNTEER] >= 3_000
    assert counts[ProviderKind.SOCIAL_WORKER] >= 150
    assert counts[ProviderKind.ORGANISATION] >= 250
    assert {person.type for person in people if isinstance(person, Organisation)} == set(OrganisationType)
    assert {person.credential for person in people if isinstance(person, SocialWorker)} == set(Credential)


def test_an_organisation_is_called_after_what_it_does(people: list[Provider]) -> None:
    named = {"康复": "维修", "修": "卫生服务中心", "消防": "司法所", "法律": "家政"}
    wrong = [
        (each.name, each.skills)
        for each in people
        if isinstance(each, Organisation)
        for skill, ending in named.items()
        if ending in each.name and any(skill in known for known in each.skills)
    ]
    assert wrong == []


def test_a_third_of_the_volunteers_are_party_members(people: list[Provider]) -> None:
    members = [person.party_member for person in people if isinstance(person, Volunteer)]
    assert 0.30 <= sum(members) / len(members) <= 0.37


def test_the_people_are_the_same_every_time(people: list[Provider]) -> None:
    assert people == list(demo_people(REGIONS))


def test_everybody_is_whole(people: list[Provider]) -> None:
    assert len({person.id for person in people}) == len(people)
    for person in people:
        home = REGIONS.get(person.region)
        assert home is not None, person.id
        assert home.level == RegionLevel.GRID
        assert person.region.startswith(DEMO_DISTRICTS)
        assert person.name
        assert person.skills
        assert len(set(person.skills)) == len(person.skills), person.id
        assert person.point is not None
        assert home.point is not None
        assert person.point.distance_km(home.point) < 0.3
        assert person.capacity >= 1
        assert person.load == 0
        assert 0 <= person.rating_sum <= person.rating_count
        assert merge_slots(list(person.availability)) == person.availability, person.id


def test_nobody_can_be_rung(people: list[Provider]) -> None:
    """Numbers that begin with 000 are nobody's."""
    assert [person.contact for person in people if not person.contact.phone.startswith("000") or person.contact.address] == []
    assert len({person.contact.phone for person in people if isinstance(person, Volunteer)}) == sum(
        isinstance(person, Volunteer) for person in people
    )


def test_an_id_of_the_demo_follows_from_its_name() -> None:
    assert demo_id("volunteer-0") == demo_id("volunteer-0") != demo_id("volunteer-1")
    assert len(demo_id("x")) == 24
