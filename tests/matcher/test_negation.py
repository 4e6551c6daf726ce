"""What is not needed must not count as what is needed, and a complaint is no such thing."""

import csv
from pathlib import Path

import pytest

from matcher.understanding.normalise import Normaliser
from matcher.understanding.understander import Stated, Understander
from seed.sources import make_extractor
from tests.make import AT

NEGATION = make_extractor().negation
PLAIN = Normaliser().normalise


def sentences() -> list[tuple[str, str]]:
    path = Path(__file__).parent / "sentences" / "negation.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(text, negated) for text, negated in list(csv.reader(file, delimiter="\t"))[1:]]


@pytest.mark.parametrize(("text", "negated"), sentences())
def test_only_what_is_said_not_to_be_needed_is_set_aside(text: str, negated: str) -> None:
    plain = PLAIN(text)
    spans = [plain[start:end] for start, end in NEGATION.spans(plain)]
    assert spans == ([PLAIN(negated)] if negated else [])
    assert all(span not in NEGATION.meant(plain) for span in spans)


def test_a_text_that_is_all_negation_is_read_as_it_stands() -> None:
    assert NEGATION.meant("不用来了谢谢") == "不用来了谢谢"


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("不是漏水，是水池堵了，水下不去", "drain", "plumbing"),
        ("不用做饭，只要有人陪老人聊聊天", "elder_visit", "meal_delivery"),
        ("我不是要补习，是想给孩子找个心理老师谈谈", "counselling", "tutoring"),
    ],
)
def test_the_item_that_is_denied_comes_after_the_one_that_is_meant(
    understander: Understander, text: str, wanted: str, unwanted: str
) -> None:
    codes = [each.code for each in understander.understand(text, Stated(), AT).services]
    assert codes[0] == wanted
    assert unwanted not in codes or codes.index(unwanted) > codes.index(wanted)
