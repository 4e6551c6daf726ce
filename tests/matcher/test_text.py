"""文字依据: two who do the same service item are told apart by their own words."""

from pathlib import Path

import pytest

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.criteria import default_criteria
from matcher.ranking.explain import reason
from matcher.ranking.query import make_query
from matcher.ranking.ranker import Ranking, rank
from matcher.understanding.understander import Stated, Understander
from models.weights import Weights
from seed.sources import catalogue_items
from tests.make import AT, GRID, HOME, organisation
from tests.matcher.city import REGIONS

# A need, who is meant by it, and somebody of the same service item who is not; all invented.
PAIRS = [
    line.split("\t") for line in (Path(__file__).parent / "data/text_pairs.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
CATALOGUE = Catalogue(catalogue_items())


def ranked(understander: Understander, text: str, *people: tuple[str, str], weights: dict[str, float]) -> Ranking:
    columns = Columns(CATALOGUE, REGIONS, 8)
    for number, (skills, bio) in enumerate(people):
        one = organisation(id=f"{number:024x}", name=skills, skills=tuple(skills.split("、")), bio=bio)
        columns.put(understander.mapped(one))
    told = understander.understand(text, Stated(), AT)
    query = make_query(CATALOGUE, REGIONS, at=AT, region=GRID, point=HOME, services=told.services, terms=told.terms)
    return rank(query, columns, CATALOGUE, Weights("default", 1, weights, AT, ""), 10)


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[1] for pair in PAIRS])
def test_who_names_the_matter_stands_above_who_does_the_same_item_otherwise(understander: Understander, pair: list[str]) -> None:
    need, better, better_bio, other, other_bio = pair
    # The one who is meant comes second by id, so that a tie would not do.
    found = ranked(understander, need, (other, other_bio), (better, better_bio), weights=default_criteria())
    assert found.candidates[0].name == better
    values = {each.name: each.contributions["text"].value for each in found.candidates}
    assert values[better] > values.get(other, 0.0)


def test_the_reason_names_the_word_that_matched(understander: Understander) -> None:
    people = (("高中英语、完形填空", ""), ("高中化学、有机推断题", ""))
    found = ranked(understander, "孩子高一化学跟不上", *people, weights=default_criteria())
    sentences = {each.name: reason(each, found.view, CATALOGUE) for each in found.candidates}
    assert "资料里提到“化学”" in sentences["高中化学、有机推断题"]
    assert "资料里" not in sentences["高中英语、完形填空"]


def test_a_profile_from_before_the_words_counted_ranks_and_explains_without_them(understander: Understander) -> None:
    people = (("高中化学、有机推断题", ""), ("高中英语、完形填空", ""))
    old = {"skill": 0.5, "location": 0.2, "capacity": 0.1, "availability": 0.1, "rating": 0.1, "party_member": 0.0}
    for candidate in (found := ranked(understander, "孩子高一化学跟不上", *people, weights=old)).candidates:
        parts = candidate.contributions
        assert sum(parts[code].points for code in old) == pytest.approx(candidate.score)
        assert all(parts[code].points == 0 for code in set(parts) - set(old))
        assert "资料里" not in reason(candidate, found.view, CATALOGUE)


def test_a_text_gives_the_same_terms_whoever_else_is_there(understander: Understander) -> None:
    one = understander.mapped(organisation(skills=("高中化学",), bio="在县中教了十来年化学。"))
    assert one == understander.mapped(one)
    assert "化学" in {term.word for term in one.terms}
    assert len(one.terms) <= 8
    assert all(1 <= term.weight <= 255 for term in one.terms)


def test_what_a_provider_lists_tells_more_than_what_they_tell_of_their_life(understander: Understander) -> None:
    listed, told = (
        next(term.weight for term in understander.mapped(each).terms if term.word == "化学")
        for each in (organisation(skills=("化学",), bio=""), organisation(skills=("陪聊天",), bio="年轻时学过化学"))
    )
    assert listed > told


@pytest.mark.parametrize("text", ["", "？？？", "123", "😀", "a" * 2000])
def test_a_text_without_words_has_no_terms(understander: Understander, text: str) -> None:
    assert understander.understand(text, Stated(), AT).terms == ()
    assert understander.mapped(organisation(skills=(), bio=text)).terms == ()
