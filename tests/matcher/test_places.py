"""Places named in a text: found among the real regions of the city, never guessed from everyday words."""

import pytest

from matcher.understanding.extract.places import Gazetteer
from matcher.understanding.normalise import Normaliser
from models.place import Regions
from seed.sources import make_gazetteer, regions

PLAIN = Normaliser().normalise
# A community of 水果湖街道 is elsewhere; this one lies in 积玉桥街道, 武昌区.
HOME = "420106001001"


@pytest.fixture(scope="module")
def known() -> Regions:
    return Regions(regions())


@pytest.fixture(scope="module")
def gazetteer(known: Regions) -> Gazetteer:
    return make_gazetteer(known)


@pytest.mark.parametrize(
    ("text", "name", "inside"),
    [
        ("我爸在洪山那边，摔了一跤", "洪山区", False),
        ("家住粮道街，水管漏了", "粮道街道", False),
        ("水果湖有位老人走丢了", "水果湖街道", False),
        ("积玉桥街道这边停电", "积玉桥街道", True),
        ("武昌区的路灯都不亮", "武昌区", True),
        ("我们梅苑社区楼道灯坏了", "梅苑社区居委会", False),
        ("家住四美糖社区，灯不亮", "四美塘社区居委会", False),
        ("水果胡街道这边下水道堵了", "水果湖街道", False),
        ("我住武昌區，門鎖壞了", "武昌区", True),
    ],
)
def test_a_named_place_is_found_and_told_from_the_needs_own(
    gazetteer: Gazetteer, known: Regions, text: str, name: str, inside: bool
) -> None:
    first, *_ = gazetteer.mentions(PLAIN(text), HOME)
    found = known.get(first.code)
    assert found is not None
    assert (found.name, first.inside) == (name, inside)
    assert 0 < first.confidence <= 1


EVERYDAY = (
    "去上街买菜",
    "火车站接个人",
    "城中村租房被断电",
    "在桥头摆个摊",
    "我家门口那盏灯",
    "门口的花园没人浇水",
    "墙上的青山绿水画掉了",
    "社区里有没有人",
    "",
)


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.mentions(PLAIN(text), HOME) == ()


def test_of_places_of_one_name_the_nearest_is_meant(gazetteer: Gazetteer, known: Regions) -> None:
    """和平街道 is in several cities and districts; only those of the need's city are looked at."""
    for home in (HOME, "410102001", "330203001001"):
        for mention in gazetteer.mentions("新华社区的灯坏了", home):
            assert mention.code[:4] == home[:4]


def test_a_region_that_is_not_known_finds_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.mentions("家住粮道街", "99") == ()


def test_there_are_never_more_than_three(gazetteer: Gazetteer) -> None:
    text = "武昌区、洪山区、汉阳区、江岸区、青山区"
    assert len(gazetteer.mentions(text, HOME)) == 3
