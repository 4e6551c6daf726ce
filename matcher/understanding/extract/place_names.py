"""Names of regions as people say them: "水果湖" for 水果湖街道, "华府" for 华府社区居民委员会."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from models.place import Region
from models.vocabulary import RegionLevel

COMMUNITY_END = re.compile(
    r"(?:村?社区居民委员会|村?社区居委会|村?社区村委会|社区|居民委员会|居委会|村?村民委员会|村?村委会|村|虚拟生活区|生活区|管理区|生产队)$"
)
STREET_END = re.compile(r"(?:街道办事处|街街道|街道|地区|镇|乡|办事处)$")
DISTRICT_END = re.compile(r"(?:回族区|新区|区|县|市)$")
NOTE = re.compile(r"（.*?）|\(.*?\)")
ENDS = {RegionLevel.COMMUNITY: COMMUNITY_END, RegionLevel.STREET: STREET_END, RegionLevel.DISTRICT: DISTRICT_END}
LONGEST_NAME = 10


@dataclass(frozen=True, slots=True)
class Named:
    """`village` tells a 村 from a 社区: the same name may be either's."""

    code: str
    level: RegionLevel
    village: bool


@dataclass(slots=True)
class CityNames:
    """The names in one city, by their core, and the cores by each character for names with a slip in them."""

    of: dict[str, list[Named]] = field(default_factory=dict)
    with_character: dict[str, set[str]] = field(default_factory=dict)


def core_of(name: str, level: RegionLevel) -> str:
    """The name without what says only its kind; the whole name where nothing of two characters would be left."""
    plain = NOTE.sub("", name)
    core = ENDS[level].sub("", plain)
    return core if len(core) >= 2 else plain


def names_by_city(regions: Iterable[Region]) -> dict[str, CityNames]:
    """By the city's four digits. Districts, streets and communities; grids have no names of their own."""
    cities: dict[str, CityNames] = {}
    for region in regions:
        if region.level not in ENDS:
            continue
        city = cities.setdefault(region.code[:4], CityNames())
        core = core_of(region.name, region.level)
        if len(core) > LONGEST_NAME:
            continue
        city.of.setdefault(core, []).append(Named(region.code, region.level, "村" in region.name))
        for character in core:
            city.with_character.setdefault(character, set()).add(core)
    return cities
