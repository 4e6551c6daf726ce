"""A place that somebody typed: by code, by name, by a part of a name; and what is said where it is not clear."""

import pytest

from models.errors import InvalidInputError
from models.place import Region, Regions
from models.vocabulary import RegionLevel


def region(code: str, name: str, parent: str, level: RegionLevel) -> Region:
    return Region(code, name, level, parent, None, approximate=False)


REGIONS = Regions(
    [
        region("420106", "武昌区", "4201", RegionLevel.DISTRICT),
        region("420106001", "河边街道", "420106", RegionLevel.STREET),
        region("420106001001", "柳树社区", "420106001", RegionLevel.COMMUNITY),
        region("420106001001001", "第1网格", "420106001001", RegionLevel.GRID),
        region("420106001002", "柳湖社区", "420106001", RegionLevel.COMMUNITY),
        region("420106002", "山上街道", "420106", RegionLevel.STREET),
        region("420106002001", "柳树社区", "420106002", RegionLevel.COMMUNITY),
    ]
)


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("420106001002", None, "420106001002"),
        ("柳湖", None, "420106001002"),
        ("河边街道", None, "420106001"),
        ("柳树社区", "420106001", "420106001001"),
        ("武昌区河边街道柳树社区", None, "420106001001"),
        ("柳树社区第1网格", None, "420106001001001"),
    ],
)
def test_what_can_only_be_one_place_is_that(text: str, within: str | None, code: str) -> None:
    assert REGIONS.meant(text, within).code == code


@pytest.mark.parametrize(
    ("text", "within", "said"),
    [
        ("柳树社区", None, "有 2 处，请写全：武昌区河边街道柳树社区、武昌区山上街道柳树社区"),
        ("没有的地方", None, "没有这个地方"),
        ("420106002001", "420106001", "没有这个地方"),
        ("山上", "420106001", "没有这个地方"),
    ],
)
def test_what_could_be_several_or_none_is_asked_again(text: str, within: str | None, said: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        REGIONS.meant(text, within, "where")
    assert refused.value.fields == {"where": [said]}
