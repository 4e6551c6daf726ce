"""Learning: what is counted, where the folds are cut, what is reported, and what two readers agree on."""

import sys
from pathlib import Path
from subprocess import run

import jieba
import numpy as np
import pytest

from matcher.understanding.agreement import Relabelled, agreement, blind_sample, cohen_kappa, text_id
from matcher.understanding.calibration import threshold_for
from matcher.understanding.dictionary import tokenizer
from matcher.understanding.examples import CATALOGUE, Example
from matcher.understanding.features import Featuriser
from matcher.understanding.folds import cut, cut_by_text
from matcher.understanding.measuring import learning_curve, measure
from matcher.understanding.model import certainty, doubts
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import Material, prepare
from matcher.understanding.vectors import count
from seed.sources import training_needs


def test_serving_needs_nothing_that_only_training_needs() -> None:
    code = "import sys, api.cli, api.app; print([n for n in ('sklearn', 'api.training') if n in sys.modules])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_dictionary_is_jiebas_own_and_cuts_the_same(tmp_path: Path) -> None:
    theirs = jieba.Tokenizer()
    theirs.tmp_dir = str(tmp_path)
    theirs.initialize()
    ours = tokenizer()
    assert (ours.FREQ, ours.total) == (theirs.FREQ, theirs.total)
    texts = [example.text for example in training_needs()[::200]]
    assert [ours.lcut(text) for text in texts] == [theirs.lcut(text) for text in texts]


def test_a_word_added_for_one_city_is_not_another_citys() -> None:
    one, other = Featuriser(["蓝莓冻干粉"]), Featuriser()
    assert "蓝莓冻干粉" in one.words("买蓝莓冻干粉")
    assert "蓝莓冻干粉" not in other.words("买蓝莓冻干粉")


def test_what_comes_often_counts_by_the_logarithm_and_what_comes_once_in_one_text_not_at_all() -> None:
    counted = count([{"a": 1, "b": 3}, {"a": 1, "b": 1}, {"c": 2}])
    assert counted.names == ("a", "b")
    assert counted.rows.toarray()[0].tolist() == pytest.approx([1.0, 1 + np.log(3)])
    assert counted.idf(np.asarray([True, False, True])).tolist() == [0, 0], "of two texts inside, none shares a word"
    assert np.linalg.norm(counted.weighed(counted.idf()).toarray(), axis=1).tolist() == pytest.approx([1, 1, 0])


def test_folds_keep_a_writer_together_and_the_catalogue_is_never_asked() -> None:
    examples = [Example(f"{writer}{code}", (code,), writer) for writer in "abcdef" for code in "xyz"]
    fold = cut([*examples, Example("目录", ("x",), CATALOGUE)], 3).tolist()
    assert fold[-1] == -1
    assert sorted(set(fold[:-1])) == [0, 1, 2]
    assert all(len({fold[place] for place, each in enumerate(examples) if each.writer == writer}) == 1 for writer in "abcdef")


def test_a_text_that_was_handed_in_twice_is_in_one_fold() -> None:
    examples = [Example(f"事{number % 20}", ("x" if number % 20 < 10 else "y",), "") for number in range(60)]
    fold = cut_by_text(examples, 5).tolist()
    assert all(fold[number] == fold[number % 20] for number in range(60))
    assert [fold[:10].count(each) for each in range(5)] == [2] * 5, "each label is dealt out evenly"


def small(texts: int = 12) -> Material:
    """Two items that a word tells apart, a third that it does not tell from the second."""
    words = {"水": ["水管漏", "龙头滴"], "发": ["理发", "剪头"], "头": ["剪头", "理发"]}
    needs = [
        Example(f"{words[code][number % 2]}{'甲乙丙丁戊己庚辛壬癸子丑'[number % 12]}", (code,), "")
        for code in words
        for number in range(texts)
    ]
    return prepare(needs, [], tuple(words), Normaliser(), Featuriser())


def test_a_report_tells_what_is_right_by_label_and_what_is_confused() -> None:
    found = measure(small(), folds=3, strengths=(1.0,))
    by_label = {each.label: each for each in found.labels}
    assert (by_label["水"].precision, by_label["水"].recall, by_label["水"].texts) == (1.0, 1.0, 12)
    assert {frozenset((each.meant, each.said)) for each in found.confusions} == {frozenset("发头")}
    assert sum(each.count for each in found.confusions) == round((1 - found.acceptable) * found.texts)
    assert found.accuracy == pytest.approx(sum(each.recall for each in found.labels) / 3)
    assert all(0 <= each.share <= 1 for each in found.selective)


def test_the_curve_learns_from_more_sentences_each_time() -> None:
    points = learning_curve(small(), sizes=(2, 4))
    assert [(each.sentences, each.texts) for each in points] == [(2, 6), (4, 12), (None, 24)]
    assert all(0 <= each.acceptable <= 1 for each in points)


def test_the_mark_leaves_the_largest_share_that_is_right_often_enough() -> None:
    certain = np.asarray([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.asarray([True, True, False, True, False])
    assert threshold_for(certain, right, 0.7) == 0.6
    assert threshold_for(certain, right, 1.0) == 0.8
    assert threshold_for(certain, ~right, 0.99) == 1.0, "then all go to a person"


def test_certainty_grows_with_the_lead_of_the_first_item() -> None:
    scores = np.asarray([[3.0, 0.0, -1.0], [1.0, 0.9, -1.0]])
    weights = np.asarray([1.0, 0.0, 0.0, 0.0, -1.0])
    far, near = certainty(scores, weights).tolist()
    assert 0 < near < far < 1
    assert doubts(scores[:, :2]).shape == (2, 4), "two items have no third"


def test_the_blind_sample_is_the_same_every_time_and_holds_every_item_and_writer() -> None:
    needs = training_needs()
    sample = blind_sample(needs)
    assert sample == blind_sample(list(reversed(needs)))
    assert len(sample) == pytest.approx(len(needs) / 10, abs=1)
    of_text = {need.text: need for need in needs}
    chosen = [of_text[text] for _, text in sample]
    assert {each.codes[0] for each in chosen} == {each.codes[0] for each in needs}
    assert {each.writer for each in chosen} == {each.writer for each in needs}
    assert [id for id, _ in sample] == [text_id(text) for _, text in sample]


def test_two_readers_agree_beyond_chance_as_cohen_reckons_it() -> None:
    """Cohen 1960: (observed - chance) / (1 - chance); 20 and 15 agreed of 50 with margins 25/25 and 30/20."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([("y", "y")]) == 1


def test_agreement_counts_the_first_item_the_accepted_item_and_the_urgency() -> None:
    first = [Example("一", ("a", "b"), "x", 2), Example("二", ("b",), "x", 1), Example("三", ("a",), "x", 4)]
    second = [
        Relabelled(text_id("一"), ("b",), 3),
        Relabelled(text_id("二"), ("b",), 1),
        Relabelled(text_id("三"), ("b",), 1),
        Relabelled("gone", ("a",), 1),
    ]
    found = agreement(first, second)
    assert (found.texts, found.unknown) == (3, 1)
    assert (found.item, found.acceptable) == pytest.approx((1 / 3, 2 / 3))
    assert (found.urgency, found.urgency_within_one) == pytest.approx((1 / 3, 2 / 3))
