"""Small truths of the model: masks, shares, labels, standing, and errors."""

from enum import StrEnum
from inspect import getmembers, isclass

import pytest

import models.errors
import models.vocabulary
from models.account import SYSTEM
from models.errors import CapacityReachedError, SandanError
from models.event import ACTION_LABELS
from models.provider import Contact
from models.vocabulary import OVERSEER_ROLES, PROVIDER_ROLES, Channel, Credential, ProviderKind, RegionLevel, Role, label
from tests.make import GRID, principal, volunteer, weights

VOCABULARIES = [each for _, each in getmembers(models.vocabulary, isclass) if issubclass(each, StrEnum) and each is not StrEnum]


@pytest.mark.parametrize(
    ("phone", "shown"), [("00012345678", "000****5678"), ("00012345", "000****2345"), ("0001234", "*******"), ("", "")]
)
def test_a_masked_phone_keeps_its_ends_and_a_short_one_nothing(phone: str, shown: str) -> None:
    assert Contact(phone=phone).masked().phone == shown


@pytest.mark.parametrize(("name", "shown"), [("欧阳测试", "欧**"), ("周测", "周*"), ("周", "周"), ("", "")])
def test_a_masked_name_keeps_the_first_character(name: str, shown: str) -> None:
    assert Contact(name=name).masked().name == shown


def test_a_masked_address_tells_nothing() -> None:
    assert Contact(address="测试路 1 号").masked().address == "***"
    assert Contact().masked() == Contact()


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_word_of_the_field_has_a_chinese_label(vocabulary: type[StrEnum]) -> None:
    assert [word for word in vocabulary if label(word).isascii()] == []


def test_roles_are_of_one_side_or_the_other() -> None:
    assert set(PROVIDER_ROLES) == {Role(kind) for kind in ProviderKind}
    assert set(Role) == PROVIDER_ROLES | OVERSEER_ROLES | {Role.RESIDENT}
    assert not PROVIDER_ROLES & OVERSEER_ROLES


def test_credentials_rank_from_none_to_senior() -> None:
    ranks = {Credential.NONE: 0, Credential.ASSISTANT: 1, Credential.INTERMEDIATE: 2, Credential.SENIOR: 3}
    assert {credential: credential.rank for credential in Credential} == ranks


def test_shares_of_the_weights_sum_to_one_over_the_known_criteria() -> None:
    shares = weights(skill=3, location=1, long_gone=6).shares(("skill", "location", "rating"))
    assert shares == {"skill": 0.75, "location": 0.25, "rating": 0.0}


@pytest.mark.parametrize(
    ("role", "own", "region", "oversees"),
    [
        (Role.ADMIN, None, GRID, True),
        (Role.COMMUNITY, GRID[:12], GRID, True),
        (Role.COMMUNITY, GRID[:12], "420106001002", False),
        (Role.STREET, GRID[:9], "420106001002", True),
        (Role.STREET, GRID[:9], "4201", False),
        (Role.COMMUNITY, None, GRID, False),
        (Role.RESIDENT, GRID[:12], GRID, False),
        (Role.VOLUNTEER, GRID[:12], GRID, False),
    ],
)
def test_an_overseer_oversees_their_region_and_nobody_else_does(role: Role, own: str | None, region: str, oversees: bool) -> None:
    assert principal(role, own).oversees(region) is oversees


def test_the_system_oversees_everything_and_nobody_without_a_profile_is_a_provider_themself() -> None:
    assert SYSTEM.oversees(GRID)
    one = volunteer()
    assert principal(Role.VOLUNTEER, provider=one.ref).is_self(one.ref)
    assert not principal(Role.VOLUNTEER).is_self(one.ref)


def test_a_full_provider_says_how_full() -> None:
    volunteer(load=2, capacity=3).require_capacity()
    with pytest.raises(CapacityReachedError) as refused:
        volunteer(load=3, capacity=3).require_capacity()
    assert dict(refused.value.facts) == {"load": 3, "capacity": 3}


def test_every_error_has_a_code_of_its_own() -> None:
    family = [each for _, each in getmembers(models.errors, isclass) if issubclass(each, SandanError) and each is not SandanError]
    codes = [each.code for each in family]
    assert len(set(codes)) == len(codes) > 15


def test_every_event_has_a_chinese_name_and_tells_what_it_is_about() -> None:
    assert [action for action, name in ACTION_LABELS.items() if name.isascii() or action.count(".") != 1] == []


def test_the_same_word_in_two_vocabularies_has_a_label_in_each() -> None:
    assert (label(Role.COMMUNITY), label(Channel.COMMUNITY), label(RegionLevel.COMMUNITY)) == ("社区", "社区代录", "社区")
    assert (label(Role.RESIDENT), label(Channel.RESIDENT)) == ("居民", "居民点单")
