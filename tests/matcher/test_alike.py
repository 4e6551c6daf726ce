"""When two needs are worth a person's look as perhaps the same: on pairs of our own, all invented (alike.tsv)."""

import csv
from pathlib import Path

import pytest

from matcher.understanding.alike import likeness, seem_one, services_in_common
from matcher.understanding.understander import Stated, Understander
from tests.make import AT, services

LINES = Path(__file__).with_name("alike.tsv").read_text(encoding="utf-8").splitlines()
PAIRS = list(csv.DictReader(LINES, delimiter="\t", quoting=csv.QUOTE_NONE))


def suggested(understander: Understander, one: str, other: str) -> bool:
    meant = [understander.understand(text, Stated(), AT).services for text in (one, other)]
    return seem_one(services_in_common(*meant), likeness(understander.gist(one), understander.gist(other)))


@pytest.mark.parametrize(
    ("note", "same"),
    [
        ("one burst pipe, two neighbours", True),
        ("one stairway light", True),
        ("one smell of gas", True),
        ("one old man", True),
        ("burst pipe, blocked drain", False),
        ("one house, two things", False),
        ("one place, two things", False),
        ("rubbish and hoarding", False),
        ("child: minding and lessons", False),
    ],
)
def test_neighbours_who_tell_of_one_thing_are_recognised_and_two_things_in_one_house_are_kept_apart(
    understander: Understander, note: str, same: bool
) -> None:
    pair = next(each for each in PAIRS if each["note"] == note)
    assert suggested(understander, pair["first"], pair["second"]) is same
    assert suggested(understander, pair["second"], pair["first"]) is same


def test_most_pairs_are_told_apart(understander: Understander) -> None:
    found = [each for each in PAIRS if suggested(understander, each["first"], each["second"])]
    same = [each for each in PAIRS if each["same"] == "1"]
    right = [each for each in found if each["same"] == "1"]
    assert len(right) >= 0.75 * len(same)
    assert len(right) >= 0.75 * len(found)


def test_a_text_is_wholly_like_itself_and_nothing_like_silence(understander: Understander) -> None:
    gist, silence = understander.gist("一单元楼道的灯不亮了"), understander.gist("？")
    assert likeness(gist, gist) == 1
    assert likeness(gist, silence) < 0.1
    assert likeness(silence, silence) <= 0.4, "texts without a concept have none in common"


def test_what_both_may_mean_is_as_likely_as_where_it_is_less_so() -> None:
    common = services_in_common(services(plumbing=0.5, drain=0.4, lock=0.1), services(drain=0.3, plumbing=0.2, noise=0.5))
    assert common == {"drain": 0.3, "plumbing": 0.2}
    assert list(common) == ["drain", "plumbing"]
    assert not seem_one(services_in_common(services(plumbing=0.9), services(noise=0.9)), 1.0)
