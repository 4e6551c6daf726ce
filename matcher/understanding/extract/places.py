"""Which regions a text names. What is named moves nothing: it is shown, with whether it lies inside the need's own region."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from matcher.understanding.extract.place_names import LONGEST_NAME, CityNames, Named, names_by_city
from models.place import Region, lies_within
from models.understanding import PlaceMention
from models.vocabulary import RegionLevel

MOST_PLACES = 3
SURE, LIKELY, POSSIBLE = 0.95, 0.8, 0.65
# What people put behind a name, and the level that it speaks for.
BEHIND = {
    RegionLevel.COMMUNITY: re.compile(r"社区|小区|居委|村(?![里口头民子])|新村"),
    RegionLevel.STREET: re.compile(r"街道|街(?![上头坊])|镇(?![上定])|乡(?!下)|办事处"),
    RegionLevel.DISTRICT: re.compile(r"区(?![别分间域])|县(?!城)|市(?![场民])"),
}
AROUND = re.compile(r"那边|这边|那里|这里|那块|这块|一带|附近|旁边|门口|那头")
TO = re.compile(r"(?:[在住到从搬往]|家住|住勒|来自)$")
# A slip of the pen in a name of three characters or more: one character other, the sound nearly the same.
SLIP = re.compile(r"(?=(社区|街道|街|村|那边|这边|一带|附近))")
LEAST_SLIP, LEAST_SOUND = 60, 80


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    named: tuple[Named, ...]
    confidence: float


class Gazetteer:
    """Built once over all regions (~10 000 take 50 ms); after that ~0.1 ms a text."""

    def __init__(self, regions: Iterable[Region], common: Iterable[str] = (), never: Iterable[str] = ()) -> None:
        """`common` are names that are everyday words as well: they count only with their kind behind them; `never` are words
        that only look like a name with its kind."""
        self._cities = names_by_city(regions)
        self._common = frozenset(common)
        self._never = re.compile("|".join(map(re.escape, never)) or r"(?!)")

    def mentions(self, text: str, region: str) -> tuple[PlaceMention, ...]:
        """Of the normalised text of a need posted for `region`, surest first. Only names of the same city are looked for."""
        city = self._cities.get(region[:4])
        if city is None:
            return ()
        text = self._never.sub(lambda match: " " * len(match.group()), text)
        found: dict[str, float] = {}
        for hit in _longest([*self._exact(text, city), *_slips(text, city)]):
            nearest = _nearest(hit.named, region)
            for named in nearest:
                found[named.code] = max(found.get(named.code, 0.0), hit.confidence / len(nearest))
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:MOST_PLACES]
        return tuple(
            PlaceMention(code, round(confidence, 3), lies_within(code, region) or lies_within(region, code))
            for code, confidence in best
        )

    def _exact(self, text: str, city: CityNames) -> Iterator[_Hit]:
        for start in range(len(text) - 1):
            for end in range(start + 2, min(start + LONGEST_NAME, len(text)) + 1):
                named = city.of.get(text[start:end])
                if named is not None and (hit := self._judged(text, start, end, named)) is not None:
                    yield hit

    def _judged(self, text: str, start: int, end: int, named: list[Named]) -> _Hit | None:
        """A name counts with its kind behind it; without, when it is long or stands where a place stands."""
        for level, pattern in BEHIND.items():
            kind = pattern.match(text, end)
            fitting = tuple(each for each in named if each.level == level and _of_kind(each, kind.group())) if kind else ()
            if kind and fitting:
                return _Hit(start, kind.end(), fitting, SURE)
        core = text[start:end]
        larger = _largest([each for each in named if each.level != RegionLevel.COMMUNITY])
        if core in self._common:
            return None
        placed = (TO.search(text[:start]) is not None) + (AROUND.match(text, end) is not None)
        if larger and (placed or (len(core) >= 3 and larger[0].level == RegionLevel.STREET)):
            return _Hit(start, end, larger, LIKELY if placed else POSSIBLE)
        if not larger and (len(core) >= 4 or (len(core) == 3 and placed)):
            return _Hit(start, end, tuple(named), POSSIBLE)
        return None


def _largest(named: list[Named]) -> tuple[Named, ...]:
    """Those of the highest level: "洪山" alone is the district before the street of that name."""
    return tuple(each for each in named if len(each.code) == min(len(other.code) for other in named))


def _of_kind(named: Named, kind: str) -> bool:
    return named.level != RegionLevel.COMMUNITY or (named.village if kind == "村" else True)


def _slips(text: str, city: CityNames) -> Iterator[_Hit]:
    for match in SLIP.finditer(text):
        for length in (5, 4, 3):
            start = match.start() - length
            piece = text[start : match.start()] if start >= 0 else ""
            if len(piece) == length and piece not in city.of and piece.isalpha():
                core, score = _alike(piece, city)
                if core:
                    yield _Hit(start, match.end(1), tuple(city.of[core]), POSSIBLE * score / 100)
                    break


def _alike(piece: str, city: CityNames) -> tuple[str, float]:
    """The name of the same length that differs in one character and sounds alike; an empty text where there is none."""
    shared = Counter(
        core for character in set(piece) for core in city.with_character.get(character, ()) if len(core) == len(piece)
    )
    close = [core for core, count in shared.items() if count >= len(piece) - 1 and fuzz.ratio(core, piece) >= LEAST_SLIP]
    scored = [(fuzz.ratio(_sound(core), _sound(piece)), core) for core in close]
    score, core = max(scored, default=(0.0, ""))
    return (core, score) if score >= LEAST_SOUND else ("", 0.0)


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    return " ".join(lazy_pinyin(word))


def _nearest(named: tuple[Named, ...], region: str) -> list[Named]:
    """Of regions of one name those that share most of their code with the need's."""
    shared = [_shared_digits(each.code, region) for each in named]
    return [each for each, digits in zip(named, shared, strict=True) if digits == max(shared)][:MOST_PLACES]


def _shared_digits(one: str, other: str) -> int:
    return next((length for length in (12, 9, 6, 4) if one[:length] == other[:length]), 0)


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Of hits that overlap the surest, then the longest."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda each: (-each.confidence, each.start - each.end, each.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return kept


NO_PLACES = Gazetteer(())
