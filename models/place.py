"""Where things are: points, region codes and the tree that the codes spell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from models.errors import InvalidInputError
from models.vocabulary import RegionLevel

EARTH_RADIUS_KM = 6371.0088
# What would round to a kilometre is told as one; below, in metres.
NEAR_KM = 0.95

# Digits of a code at each level: NBS statistical codes down to the community (12), then three of our own for a grid.
CODE_LENGTHS = {
    2: RegionLevel.PROVINCE,
    4: RegionLevel.CITY,
    6: RegionLevel.DISTRICT,
    9: RegionLevel.STREET,
    12: RegionLevel.COMMUNITY,
    15: RegionLevel.GRID,
}

COMMUNITY_LENGTH = 12
DISTRICT_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Point:
    lng: float
    lat: float

    def distance_km(self, other: "Point") -> float:
        """Great-circle distance by the haversine formula."""
        lat1, lat2 = radians(self.lat), radians(other.lat)
        half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lng - self.lng) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


def distance_words(distance_km: float) -> str:
    """850 米, 3.2 公里."""
    return f"{max(10, round(distance_km * 100) * 10)} 米" if distance_km < NEAR_KM else f"{distance_km:.1f} 公里"


@dataclass(frozen=True, slots=True)
class Region:
    """`approximate` says that `point` was scattered around the district's centre, because no finer coordinate is free."""

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    point: Point | None
    approximate: bool


def ancestry(code: str) -> list[str]:
    """The code itself and the codes above it, smallest region first."""
    return [code[:length] for length in sorted(CODE_LENGTHS, reverse=True) if length <= len(code)]


def lies_within(code: str, outer: str | None) -> bool:
    """True for the region itself and all below it; `None` is the whole country."""
    return outer is None or code.startswith(outer)


class Regions:
    """All regions in memory: ten thousand a city at most, asked for on every call."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}
        self._children: dict[str | None, list[Region]] = {}
        for region in self._by_code.values():
            self._children.setdefault(region.parent, []).append(region)
        for children in self._children.values():
            children.sort(key=lambda region: region.code)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def get(self, code: str) -> Region | None:
        return self._by_code.get(code)

    def children(self, parent: str | None) -> list[Region]:
        return self._children.get(parent, [])

    def require(self, code: str, field: str = "region") -> Region:
        """Raise InvalidInputError naming `field` for a code that is not known."""
        region = self._by_code.get(code)
        if region is None:
            raise InvalidInputError("区划代码不存在", {field: [f"没有代码为 {code} 的区划"]})
        return region

    def point_of(self, code: str) -> Point | None:
        """The region's own point or that of the nearest region above it which has one."""
        for ancestor in ancestry(code):
            region = self._by_code.get(ancestor)
            if region is not None and region.point is not None:
                return region.point
        return None

    def below(self, region: str | None) -> Iterator[Region]:
        """The region and all in it that people live in: streets and smaller. Walks all regions."""
        return (each for code, each in self._by_code.items() if len(code) > DISTRICT_LENGTH and lies_within(code, region))

    def meant(self, text: str, within: str | None, field: str = "region", *, whole: bool = False) -> Region:
        """The region that somebody typed: its code, its full name, or a part of that which only one of them has, and of a street and
        its communities the street. `whole`: districts, cities and provinces may be meant too. Raises InvalidInputError naming `field`
        and some of those that it could be."""
        known = self._by_code.get(text)
        if known is not None and lies_within(text, within):
            return known
        some_regions = (each for each in self if lies_within(each.code, within)) if whole else self.below(within)
        named = [(self.name_of(each.code), each) for each in some_regions]
        exact = [each for name, each in named if name == text]
        found = exact or [each for name, each in named if text in name]
        shortest = min((len(each.code) for each in found), default=0)
        largest = [each for each in found if len(each.code) == shortest]
        if len(largest) == 1:
            return largest[0]
        some = "、".join(self.name_of(each.code) for each in largest[:3])
        raise InvalidInputError("区划不明确", {field: [f"有 {len(largest)} 处，请写全：{some}" if largest else "没有这个地方"]})

    def name_of(self, code: str) -> str:
        """The full name; of a province its own."""
        region = self._by_code.get(code)
        return self.full_name(code) or (region.name if region else "")

    def full_name(self, code: str) -> str:
        """The names from the district down, as on an envelope."""
        known = (self._by_code.get(ancestor) for ancestor in reversed(ancestry(code)))
        return "".join(region.name for region in known if region is not None and len(region.code) >= 4)
