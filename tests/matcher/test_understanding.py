"""Words to meaning: the spelling, the features, the model as a file, and what comes of it for needs and for skills."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.assembly import make_featuriser
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.query import make_query
from matcher.ranking.ranker import rank
from matcher.understanding.examples import Example
from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model, ModelError, load_model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import train, version_of
from matcher.understanding.understander import Stated, Understander
from seed.sources import SHIPPED_MODEL, catalogue_items, training_needs, training_providers
from tests.make import AT, GRID, HOME, volunteer, weights, window
from tests.matcher.city import REGIONS, north

NORMALISER = Normaliser()
LEAK = "洗碗池底下那根弯的老是渗，盆都接满了"
ITEMS = ("plumbing", "haircut", "counselling")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("水管漏水，請來修", "水管漏水,请来修"),
        ("  水管\t漏\n水\u3000了 ", "水管 漏 水 了"),
        ("WiFi 連不上", "wifi 连不上"),
        ("㎡", "m2"),
        ("", ""),
    ],
)
def test_one_spelling_for_what_is_written_in_many(written: str, read: str) -> None:
    assert NORMALISER.normalise(written) == read
    assert NORMALISER.normalise(read) == read


def test_a_text_of_any_length_is_read_to_a_bound() -> None:
    assert len(NORMALISER.normalise("水" * 100_000)) == 2_000


@pytest.fixture(scope="module")
def featuriser() -> Featuriser:
    return make_featuriser(Catalogue(catalogue_items()))


def test_features_are_the_same_every_time_each_once_and_know_homophones(featuriser: Featuriser) -> None:
    found = featuriser.features(LEAK)
    assert found == featuriser.features(LEAK) == make_featuriser(Catalogue(catalogue_items())).features(LEAK)
    assert len(set(found)) == len(found)
    assert "渗" in found
    assert featuriser.features("") == {}
    typo, right = (set(featuriser.features(text)) for text in ("水笼头", "水龙头"))
    assert {feature for feature in typo & right if feature.startswith("p:")} == {"p:shui_long", "p:long_tou"}


def small_corpus() -> tuple[list[Example], list[Example]]:
    """A few dozen lines of three items, by two writers."""
    by_item = {"plumbing": "plumbing", "haircut": "haircut", "counselling": "counselling"}
    needs = [each for each in training_needs() if each.codes[0] in by_item][::6]
    providers = [each for each in training_providers() if each.codes[0] in by_item][::6]
    return needs, providers


@pytest.fixture(scope="module")
def small(featuriser: Featuriser) -> Model:
    return train(*small_corpus(), ITEMS, NORMALISER, featuriser)


def parts(thing: Any, name: str = "model") -> Iterator[tuple[str, Any]]:
    if is_dataclass(thing):
        for field in fields(thing):
            yield from parts(getattr(thing, field.name), f"{name}.{field.name}")
    else:
        yield name, thing


def assert_identical(one: Model, other: Model) -> None:
    for (name, left), (_, right) in zip(parts(one), parts(other), strict=True):
        np.testing.assert_array_equal(left, right, err_msg=name) if isinstance(left, np.ndarray) else None
        assert isinstance(left, np.ndarray) or left == right, name


def test_the_same_sentences_give_the_same_model(small: Model, featuriser: Featuriser) -> None:
    assert_identical(small, train(*small_corpus(), ITEMS, NORMALISER, featuriser))


def test_another_corpus_has_another_version(small: Model, featuriser: Featuriser) -> None:
    needs, providers = small_corpus()
    assert small.version == version_of(needs, providers, featuriser)
    assert small.version != version_of(needs[1:], providers, featuriser)
    assert small.version != version_of(needs, providers[1:], featuriser)


def test_a_saved_model_is_the_same_and_equal_models_are_equal_files(small: Model, tmp_path: Path) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "deep" / "second.npz"
    small.save(first)
    loaded = load_model(first)
    assert_identical(small, loaded)
    loaded.save(second)
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in tmp_path.glob("*.npz")] == ["first.npz"], "nothing half-written stays"


def test_a_file_of_another_format_is_refused(small: Model, tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    small.save(path)
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "format": np.asarray(1)})
    with pytest.raises(ModelError, match="format 1"):
        load_model(path)


def test_a_small_model_tells_its_items_apart(small: Model, featuriser: Featuriser) -> None:
    items = Catalogue(item for item in catalogue_items() if item.code in ITEMS)
    understander = Understander(small, items, NORMALISER, featuriser)
    told = [
        understander.understand(text, Stated(), AT)
        for text in ("水龙头漏水", "老人行动不便想理发", "孩子不说话，想找人做心理疏导")
    ]
    assert [each.services[0].code for each in told] == list(ITEMS)


@pytest.mark.parametrize("text", ["", "\u13a0\u13a1\u13a2", "……！！", "qqxzv"])
def test_a_text_without_a_known_word_goes_to_a_person(understander: Understander, text: str) -> None:
    assert understander.understand(text, Stated(), AT).needs_review


def test_what_the_resident_stated_outright_stands(understander: Understander) -> None:
    free = window(2)
    told = understander.understand(LEAK, Stated(urgency=4, people=7, window=free), AT)
    assert (told.urgency, told.people, told.window) == (4, 7, free)
    assert told.model_version == understander.version == load_model(SHIPPED_MODEL).version


def test_confidences_are_probabilities_in_falling_order(understander: Understander) -> None:
    for text in (LEAK, "楼道灯坏了", "想学跳舞"):
        confidences = [each.confidence for each in understander.understand(text, Stated(), AT).services]
        assert confidences == sorted(confidences, reverse=True)
        assert 0 < sum(confidences) <= 1.001


PHRASES = [("修水管", "plumbing"), ("低压电工证", "electrical"), ("通下水道", "drain"), ("会剪头发", "haircut"), ("心理咨询师", "counselling"),
           ("律师，可做法律咨询", "legal_aid")]  # fmt: skip


@pytest.mark.parametrize(("phrase", "code"), [pair for pair in PHRASES if pair[1] in {item.code for item in catalogue_items()}])
def test_a_providers_phrase_is_mapped_to_its_item(understander: Understander, phrase: str, code: str) -> None:
    assert understander.map_services([phrase], "")[0].code == code
    assert code in {each.code for each in understander.map_services(["会开车", phrase], "热心肠")}


def test_nothing_said_is_nothing_claimed(understander: Understander) -> None:
    assert understander.map_services([], "") == ()


OTHER_TRADES = ("理发", "法律咨询", "教书法", "陪老人聊天", "代买菜", "量血压", "心理疏导", "会做饭", "拍照摄影", "教广场舞", "遛狗",
                "会英语", "财务记账", "辅导作业", "打太极")  # fmt: skip


@pytest.mark.parametrize("skills", [("修水管",), ("换水龙头",), ("修水管", "换水龙头")])
def test_a_leak_told_without_its_name_finds_the_plumber_among_nearer_people_of_other_trades(
    understander: Understander, skills: tuple[str, ...]
) -> None:
    """The words of the need and of the skill share nothing that could be searched for."""
    catalogue = Catalogue(catalogue_items())
    columns = Columns(catalogue, REGIONS)
    plumber = volunteer(skills=skills, services=understander.map_services(skills, ""), point=north(2), region="420106002001001")
    others = [
        volunteer(skills=(trade,), services=understander.map_services((trade,), ""), point=north(0.05 * number), region=GRID)
        for number, trade in enumerate([*OTHER_TRADES, *OTHER_TRADES])
    ]
    for one in (*others, plumber):
        columns.put(one)
    told = understander.understand(LEAK, Stated(), AT)
    query = make_query(catalogue, REGIONS, at=AT, region=GRID, point=HOME, services=told.services)
    profile = weights(skill=0.5, location=0.2, capacity=0.1, availability=0.1, rating=0.1)
    found = rank(query, columns, catalogue, profile, 5)
    assert found.candidates[0].ref == plumber.ref


@pytest.mark.parametrize("text", ["娃儿在广场上一转眼就不见了", "爷爷买菜到现在没回屋，他记性不好，门都摸不着"])
def test_who_misses_somebody_need_not_say_danger_to_be_taken_as_urgent(understander: Understander, text: str) -> None:
    assert understander.understand(text, Stated(), AT).urgency >= 3


@pytest.mark.parametrize("text", ["想学唱京剧，有没有老师", "阳台想种点月季，请教怎么剪枝"])
def test_what_can_wait_is_not_called_a_danger(understander: Understander, text: str) -> None:
    assert understander.understand(text, Stated(), AT).urgency <= 2
