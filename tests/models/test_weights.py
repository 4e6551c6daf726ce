"""Which profile ranks a need unasked."""

import pytest

from models.weights import AppliesTo, profile_for, scopes_of

GRID = "420106001001001"
HOLDERS = {
    AppliesTo("repair", "420106"): "repairs of the district",
    AppliesTo("repair", "420106001"): "repairs of the street",
    AppliesTo(None, "420106001001"): "the community",
    AppliesTo(None, "4201"): "the city",
    AppliesTo("repair"): "repairs",
    AppliesTo("elders"): "elders",
}


@pytest.mark.parametrize(
    ("region", "group", "name"),
    [
        (GRID, "repair", "repairs of the street"),
        ("420106002001", "repair", "repairs of the district"),
        (GRID, "elders", "the community"),
        (GRID, None, "the community"),
        ("420106001", "elders", "the city"),
        ("420111001001", "repair", "the city"),
        ("330203001001", "repair", "repairs"),
        ("330203001001", "elders", "elders"),
        ("330203001001", "legal", "default"),
        ("330203001001", None, "default"),
    ],
)
def test_region_with_group_counts_before_region_and_region_before_group(region: str, group: str | None, name: str) -> None:
    assert profile_for(HOLDERS, region, group) == name


def test_a_profile_of_a_group_says_nothing_of_needs_that_were_not_understood() -> None:
    assert all(scope.group is None for scope in scopes_of(GRID, None))
    assert not any(scope.anywhere for scope in scopes_of(GRID, "repair"))
