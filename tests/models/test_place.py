"""Points, codes and the tree that codes spell."""

import pytest

from models.errors import InvalidInputError
from models.place import Point, Region, Regions, ancestry, lies_within
from models.vocabulary import RegionLevel
from tests.make import GRID

WUHAN, ZHENGZHOU, NINGBO = Point(114.305, 30.593), Point(113.625, 34.747), Point(121.544, 29.868)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(0, 0), Point(0, 90), 10_007.557),  # a quarter of a meridian of the mean sphere
        (Point(0, 0), Point(180, 0), 20_015.115),  # half way round
        (Point(0, 0), Point(1, 0), 111.195),
        (Point(0, 60), Point(1, 60), 55.597),  # a degree of longitude is half as long at 60° north
        (Point(179.5, 0), Point(-179.5, 0), 111.195),  # over the date line
        (Point(114.3, 30.5), Point(114.3, 30.5), 0.0),
        (WUHAN, ZHENGZHOU, 466.2),
        (WUHAN, NINGBO, 700.7),
    ],
)
def test_distances_of_known_pairs(one: Point, other: Point, km: float) -> None:
    assert one.distance_km(other) == pytest.approx(km, rel=2e-3)
    assert other.distance_km(one) == pytest.approx(one.distance_km(other))


def test_a_code_spells_the_regions_it_lies_in() -> None:
    assert ancestry(GRID) == [GRID, GRID[:12], GRID[:9], "420106", "4201", "42"]
    assert ancestry("4201") == ["4201", "42"]
    assert ancestry("4") == []


@pytest.mark.parametrize(
    ("code", "outer", "within"),
    [(GRID, "4201", True), (GRID, GRID, True), ("4201", GRID, False), ("4301", "42", False), (GRID, None, True)],
)
def test_a_region_lies_within_itself_and_those_above(code: str, outer: str | None, within: bool) -> None:
    assert lies_within(code, outer) is within


def region(code: str, name: str, level: RegionLevel, point: Point | None = None) -> Region:
    above = ancestry(code)[1:]
    return Region(code, name, level, above[0] if above else None, point, False)


REGIONS = Regions(
    [
        region("42", "湖北省", RegionLevel.PROVINCE),
        region("4201", "武汉市", RegionLevel.CITY, WUHAN),
        region("420107", "青山区", RegionLevel.DISTRICT),
        region("420106", "武昌区", RegionLevel.DISTRICT, Point(114.3, 30.55)),
        region("420106001", "测试街道", RegionLevel.STREET),
    ]
)


def test_a_region_without_a_point_stands_at_the_nearest_above_that_has_one() -> None:
    assert REGIONS.point_of("420106001") == Point(114.3, 30.55)
    assert REGIONS.point_of(GRID) == Point(114.3, 30.55), "even if the grid itself is not known"
    assert REGIONS.point_of("420107") == WUHAN
    assert REGIONS.point_of("42") is None
    assert REGIONS.point_of("33") is None


def test_the_tree_is_walked_down_in_order_of_the_codes() -> None:
    assert [each.code for each in REGIONS.children("4201")] == ["420106", "420107"]
    assert [each.code for each in REGIONS.children(None)] == ["42"]
    assert REGIONS.children("420107") == []
    assert len(REGIONS) == len(list(REGIONS)) == 5


def test_a_full_name_reads_as_on_an_envelope() -> None:
    assert REGIONS.full_name("420106001") == "武汉市武昌区测试街道"
    assert REGIONS.full_name(GRID) == "武汉市武昌区测试街道"
    assert REGIONS.full_name("42") == "湖北省"
    assert REGIONS.full_name("99") == ""


def test_an_unknown_region_is_refused_under_the_name_of_its_field() -> None:
    with pytest.raises(InvalidInputError) as refused:
        REGIONS.require("999999", "service_regions.0")
    assert "999999" in refused.value.fields["service_regions.0"][0]
    assert REGIONS.require("420106").name == "武昌区"
