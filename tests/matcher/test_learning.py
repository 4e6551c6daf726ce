"""Learning from what people say a need means: asked of texts that neither model saw, told with the sentences."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from api.learning import Taught, material_of
from matcher.catalogue import Catalogue
from matcher.understanding.examples import Example
from matcher.understanding.learning import (
    Answer,
    Material,
    Measure,
    as_example,
    changes,
    compare,
    confusions,
    measure,
)
from models.labelled_need import LabelledNeed
from models.model_version import ModelVersion
from seed.sources import catalogue_items
from tests.make import AT


def labelled(text: str, *codes: str, urgency: int = 2) -> LabelledNeed:
    return LabelledNeed(
        id=text, text=text, codes=codes, urgency=urgency, people=1, said_code=None, model_version="", by="", at=AT
    )


def said(code: str | None, urgency: int = 2, *, reviewed: bool = False) -> Answer:
    return Answer(code, urgency, reviewed)


def by_rote(needs: Sequence[Example], providers: Sequence[Example]) -> Any:
    """Stands for training: it knows what it was told, and nothing else."""
    return {each.text: each.codes[0] for each in needs}


def reader_of(model: Any) -> Any:
    return lambda text: said(model.get(text))


def test_what_is_asked_was_not_learned_and_one_text_stays_on_one_side() -> None:
    corpus = [Example(f"{writer}{number}", ("plumbing",), writer, 2, 1) for writer in "abcdef" for number in range(3)]
    residents = [labelled(f"居民{number}", "drain") for number in range(30)]
    asked = 0
    for part in range(3):
        found = compare(Material(corpus, (), residents[:10], residents[10:]), by_rote, reader_of, part)
        assert found.asked["corpus"] == 6
        assert 0 < found.asked["residents"] < 30
        assert (found.before["residents"].right, found.after["residents"].right, found.after["corpus"].right) == (0, 0, 0)
        asked += found.asked["residents"]
    assert asked == 30, "each is asked in one of the three parts"


def test_the_two_models_differ_by_the_new_examples_alone() -> None:
    told: list[set[str]] = []

    def noting(needs: Sequence[Example], providers: Sequence[Example]) -> Any:
        told.append({each.text for each in needs})
        return {}

    learned, new = [labelled(f"旧{n}", "drain") for n in range(9)], [labelled(f"新{n}", "drain") for n in range(9)]
    corpus = [Example(f"{writer}{number}", ("plumbing",), writer, 2, 1) for writer in "abc" for number in range(3)]
    compare(Material(corpus, (), learned, new), noting, reader_of)
    before, after = told
    assert before < after
    assert {text[0] for text in after - before} == {"新"}
    assert any(text.startswith("旧") for text in before)


def test_shares_are_of_the_texts_asked_and_an_item_beside_the_first_is_right_too() -> None:
    texts = [Example("一", ("plumbing", "drain"), "a", 2), Example("二", ("drain",), "a", 4), Example("三", ("lock",), "a", 1)]
    answers = [said("drain", 3), said("plumbing", 2, reviewed=True), said("lock", 1)]
    assert measure(texts, answers) == Measure(0.6667, 1.0, 0.3333, 0.6667)
    assert measure([], []) == Measure(0, 0, 0, 0)


def test_what_got_better_and_worse_is_told_with_the_sentence_and_residents_come_first() -> None:
    texts = [
        Example("语料句", ("lock",), "a", 2),
        as_example(labelled("居民句", "drain")),
        Example("坏了", ("plumbing",), "b", 2),
    ]
    before, after = [said("drain"), said(None), said("plumbing")], [said("lock"), said("drain"), said("drain")]
    better, worse = changes(texts, before, after)
    assert [(each.text, each.before, each.after) for each in better] == [("居民句", None, "drain"), ("语料句", "drain", "lock")]
    assert [(each.text, each.meant, each.after) for each in worse] == [("坏了", "plumbing", "drain")]
    found = {(each.meant, each.said): (each.before, each.after, each.sentences) for each in confusions(texts, before, after)}
    assert found == {("lock", "drain"): (1, 0, ("语料句",)), ("plumbing", "drain"): (0, 1, ("坏了",))}


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_what_was_labelled_since_the_present_model_learned_is_new(late: timedelta) -> None:
    present = ModelVersion(id=1, name="", made_at=AT, made_by="", learned_until=AT - late, file_id="", sha256="")
    examples = [labelled("水管漏", "plumbing"), labelled("旧事项", "gone")]
    material = material_of(Taught(examples, present), Catalogue(catalogue_items()))
    assert (len(material.learned), len(material.new)) == ((0, 1) if late else (1, 0))
    assert len(material_of(Taught(examples, None), Catalogue(catalogue_items())).new) == 1
