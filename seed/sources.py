"""The data files of this folder as entities. Reads, checks and nothing else; errors name file and line."""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from matcher.understanding.examples import Example
from matcher.understanding.extract import Extractor
from matcher.understanding.extract.constraints import WishReader
from matcher.understanding.extract.negation import Negation
from matcher.understanding.extract.people_meant import GroupReader
from matcher.understanding.extract.places import Gazetteer
from matcher.understanding.extract.rescue import RescueReader
from matcher.understanding.lexicon import Lexicon
from models.place import CODE_LENGTHS, Point, Region
from models.service_item import ServiceItem
from models.store.mapping import from_document
from models.vocabulary import Language, RegionLevel
from seed.scatter import scattered

HERE = Path(__file__).parent
SHIPPED_MODEL = HERE / "model.npz"
DEMO_DISTRICTS = ("420106",)  # 武昌区: its communities get grids of our own, since no public list has them
GRIDS_A_COMMUNITY = 3


@cache
def catalogue_items() -> tuple[ServiceItem, ...]:
    items: list[ServiceItem] = []
    for path in sorted((HERE / "catalogue").glob("*.toml")):
        group = tomllib.loads(path.read_text(encoding="utf-8"))
        items.extend(
            from_document({**item, "group": group["group"], "group_name": group["name"]}, ServiceItem) for item in group["item"]
        )
    return tuple(items)


def training_needs() -> list[Example]:
    return [
        Example(text, (code, *_codes(also)), writer, int(urgency), int(people))
        for code, writer, (urgency, people, also, _style, text) in _sentences("needs", 5)
    ]


def training_providers() -> list[Example]:
    return [Example(text, (code, *_codes(also)), writer) for code, writer, (_kind, also, text) in _sentences("providers", 3)]


def provider_phrases() -> list[tuple[str, str, str]]:
    """(item code, skill or bio, text): the stock that demo people are made of."""
    return [(code, kind, text) for code, _writer, (kind, _also, text) in _sentences("providers", 3)]


def _codes(also: str) -> tuple[str, ...]:
    return tuple(code for code in also.split(",") if code)


def _sentences(kind: str, columns: int) -> Iterator[tuple[str, str, list[str]]]:
    for path in sorted((HERE / "corpus").glob(f"*/{kind}.*.tsv")):
        writer = path.name.split(".")[1]
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            cells = row.split("\t")
            if len(cells) != columns:
                raise ValueError(f"{path}:{number}: {len(cells)} columns, wanted {columns}")
            yield path.parent.name, writer, cells


def pairs(name: str) -> list[list[str]]:
    """A table of the lexicon or the demo, without its header line."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@cache
def regions() -> tuple[Region, ...]:
    """Every region of the three cities from the NBS codes of 2023 (npm china-division, WTFPL); district points from PyPI cpca (MIT)."""
    cities = {"3302": "宁波市", "4101": "郑州市", "4201": "武汉市"}
    provinces = {"33": "浙江省", "41": "河南省", "42": "湖北省"}
    found = {code: Region(code, name, RegionLevel.PROVINCE, None, None, False) for code, name in provinces.items()}
    found |= {code: Region(code, name, RegionLevel.CITY, code[:2], None, False) for code, name in cities.items()}
    for row in _places("districts.csv"):
        point = Point(float(row["longitude"]), float(row["latitude"])) if row["longitude"] else None
        found[row["code"]] = Region(row["code"], row["name"], RegionLevel.DISTRICT, row["code"][:4], point, False)
    for city in cities:
        centre = _mean([region.point for region in found.values() if region.parent == city and region.point])
        found[city] = Region(city, cities[city], RegionLevel.CITY, city[:2], centre, True)
    for name, level in (("streets.csv", RegionLevel.STREET), ("communities.csv", RegionLevel.COMMUNITY)):
        for row in _places(name):
            code = row["code"]
            parent = _parent(code)
            around = found[parent].point or found[code[:4]].point
            found[code] = Region(code, row["name"], level, parent, scattered(code, around, level), True)
    for community in [
        region for region in found.values() if region.level == RegionLevel.COMMUNITY and region.code[:6] in DEMO_DISTRICTS
    ]:
        for number in range(1, GRIDS_A_COMMUNITY + 1):
            code = f"{community.code}{number:03d}"
            point = scattered(code, community.point, RegionLevel.GRID)
            found[code] = Region(code, f"第{number}网格（演示）", RegionLevel.GRID, community.code, point, True)
    return tuple(found.values())


def _parent(code: str) -> str:
    return code[: max(length for length in CODE_LENGTHS if length < len(code))]


def _mean(points: list[Point | None]) -> Point:
    known = [point for point in points if point is not None]
    return Point(sum(point.lng for point in known) / len(known), sum(point.lat for point in known) / len(known))


def _places(name: str) -> list[dict[str, str]]:
    with (HERE / "places" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_lexicon() -> Lexicon:
    """Concepts and their words; words of urgency are concepts by their level; dialect and slips with what they stand for."""
    concepts = {name: words.split() for name, words in pairs("lexicon/concepts.tsv")}
    for level, word in pairs("lexicon/urgency.tsv"):
        concepts.setdefault(f"urgency_{level}", []).append(word)
    standard = {word: plain for word, plain, _region in pairs("lexicon/dialect.tsv")}
    standard.update((wrong, right) for wrong, right in pairs("lexicon/homophones.tsv"))
    return Lexicon(concepts, standard, (phrase for (phrase,) in pairs("lexicon/chatter.tsv")))


def make_extractor() -> Extractor:
    """The readers of wishes, people, negation and danger with the words that they look for."""
    languages = {Language(code): words for code, words in _word_lists("languages").items()}
    return Extractor(
        Negation(_word_lists("negation")),
        WishReader(languages),
        GroupReader(_word_lists("people")),
        RescueReader(_word_lists("rescue")),
    )


def make_gazetteer(known: Iterable[Region]) -> Gazetteer:
    """Finds names of the regions in texts."""
    words = _word_lists("places")
    return Gazetteer(known, words["common"], words["never"])


def _word_lists(name: str) -> dict[str, list[str]]:
    return {key: words.split() for key, words in pairs(f"lexicon/{name}.tsv")}
