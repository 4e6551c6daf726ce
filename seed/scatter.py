"""Points for regions that have no free coordinate: scattered around the region above, the same every time, and marked approximate."""

import hashlib
from math import cos, pi, radians, sin, sqrt

from models.place import Point
from models.vocabulary import RegionLevel

SPREAD_KM = {RegionLevel.STREET: 5.0, RegionLevel.COMMUNITY: 1.2, RegionLevel.GRID: 0.25}
KM_A_DEGREE = 111.32


def scattered(code: str, around: Point | None, level: RegionLevel) -> Point | None:
    """Uniform over a disc whose radius depends on the level; the code is the seed."""
    if around is None:
        return None
    digest = hashlib.sha256(code.encode()).digest()
    angle = 2 * pi * int.from_bytes(digest[:4], "big") / 2**32
    radius = SPREAD_KM[level] * sqrt(int.from_bytes(digest[4:8], "big") / 2**32)
    return moved(around, radius * cos(angle), radius * sin(angle))


def moved(point: Point, east_km: float, north_km: float) -> Point:
    lat = point.lat + north_km / KM_A_DEGREE
    return Point(round(point.lng + east_km / (KM_A_DEGREE * cos(radians(point.lat))), 6), round(lat, 6))
