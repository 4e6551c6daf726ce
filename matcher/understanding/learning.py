"""What the words of residents, labelled by people, would make better and worse: measured before the new model counts.

Two models are trained alike, but for the labelled needs that only one of them has learned. Neither saw what both are then asked:
a third of the writers of the corpus, and a third of the labelled needs, cut so that one text stays on one side.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from matcher.understanding.examples import Example
from matcher.understanding.model import Model
from models.labelled_need import LabelledNeed

PARTS = 3
# Sorts behind the corpus's writers, who are single letters.
RESIDENTS = "~residents"
MOST_SHOWN = 20
MOST_SENTENCES = 3

Trainer = Callable[[Sequence[Example], Sequence[Example]], Model]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model takes a text for; `code` None for nothing."""

    code: str | None
    urgency: int
    reviewed: bool


Reader = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Material:
    """The corpus, and the labelled needs: those that the present model has learned, and those that are new."""

    needs: Sequence[Example]
    providers: Sequence[Example]
    learned: Sequence[LabelledNeed]
    new: Sequence[LabelledNeed]


@dataclass(frozen=True, slots=True)
class Measure:
    """Shares of the texts asked; `right_when_sure` of those not sent to review."""

    right: float
    right_when_sure: float
    reviewed: float
    urgency_within_one: float


@dataclass(frozen=True, slots=True)
class Change:
    text: str
    meant: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often `meant` was taken for `said`, with some of the sentences where that changed."""

    meant: str
    said: str
    before: int
    after: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` and `after` hold one measure for each of `asked`, which says how many texts that is."""

    asked: Mapping[str, int]
    before: Mapping[str, Measure]
    after: Mapping[str, Measure]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    confusions: tuple[Confusion, ...]


def as_example(labelled: LabelledNeed) -> Example:
    return Example(labelled.text, labelled.codes, RESIDENTS, labelled.urgency, labelled.people)


def compare(material: Material, trainer: Trainer, reader_of: Callable[[Model], Reader], part: int = 0) -> Comparison:
    """Trains twice. `part`, from 0 to 2, is the third that is kept aside."""
    unseen = set(_part_of_writers(material.needs, part))
    asked = {
        "corpus": [each for each in material.needs if each.writer in unseen],
        "residents": [as_example(each) for each in (*material.learned, *material.new) if _is_aside(each.text, part)],
    }
    needs = [each for each in material.needs if each.writer not in unseen]
    providers = [each for each in material.providers if each.writer not in unseen]
    learned = [as_example(each) for each in material.learned if not _is_aside(each.text, part)]
    new = [as_example(each) for each in material.new if not _is_aside(each.text, part)]
    readers = [reader_of(trainer([*needs, *each], providers)) for each in (learned, [*learned, *new])]
    answers = [{name: [reader(each.text) for each in texts] for name, texts in asked.items()} for reader in readers]
    everything = [each for texts in asked.values() for each in texts]
    first, second = ([answer for name in asked for answer in told[name]] for told in answers)
    better, worse = changes(everything, first, second)
    return Comparison(
        asked={name: len(texts) for name, texts in asked.items()},
        before={name: measure(texts, answers[0][name]) for name, texts in asked.items()},
        after={name: measure(texts, answers[1][name]) for name, texts in asked.items()},
        better=better,
        worse=worse,
        confusions=confusions(everything, first, second),
    )


def measure(texts: Sequence[Example], answers: Sequence[Answer]) -> Measure:
    """Right is an item that the text is labelled with, first or beside; zeros where nothing was asked."""
    right = [answer.code in text.codes for text, answer in zip(texts, answers, strict=True)]
    sure = [good for good, answer in zip(right, answers, strict=True) if not answer.reviewed]
    near = [abs(answer.urgency - text.urgency) <= 1 for text, answer in zip(texts, answers, strict=True) if text.urgency]
    return Measure(_share(right), _share(sure), _share([answer.reviewed for answer in answers]), _share(near))


def changes(
    texts: Sequence[Example], before: Sequence[Answer], after: Sequence[Answer]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """What got better, and what worse; what residents said comes first."""
    found: dict[bool, list[Change]] = {True: [], False: []}
    for text, old, new in sorted(zip(texts, before, after, strict=True), key=lambda each: each[0].writer != RESIDENTS):
        was, becomes = old.code in text.codes, new.code in text.codes
        if was != becomes:
            found[becomes].append(Change(text.text, text.codes[0], old.code, new.code))
    return tuple(found[True]), tuple(found[False])


def confusions(texts: Sequence[Example], before: Sequence[Answer], after: Sequence[Answer]) -> tuple[Confusion, ...]:
    """The pairs of items whose confusion changed most."""
    counts = [_confused(texts, answers) for answers in (before, after)]
    sentences: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, old, new in zip(texts, before, after, strict=True):
        if old.code != new.code:
            for said in {old.code, new.code} - {None}:
                sentences[text.codes[0], str(said)].append(text.text)
    pairs = sorted(counts[0].keys() | counts[1].keys(), key=lambda pair: (-abs(counts[1][pair] - counts[0][pair]), pair))
    return tuple(
        Confusion(*pair, counts[0][pair], counts[1][pair], tuple(sentences[pair][:MOST_SENTENCES]))
        for pair in pairs[:MOST_SHOWN]
        if counts[0][pair] != counts[1][pair]
    )


def _confused(texts: Sequence[Example], answers: Sequence[Answer]) -> Counter[tuple[str, str]]:
    return Counter(
        (text.codes[0], answer.code)
        for text, answer in zip(texts, answers, strict=True)
        if answer.code is not None and answer.code not in text.codes
    )


def _part_of_writers(needs: Iterable[Example], part: int) -> list[str]:
    """Neighbouring writers, as in calibration: a block leaves every item its other writers."""
    names = sorted({each.writer for each in needs})
    return [name for place, name in enumerate(names) if place * PARTS // len(names) == part]


def _is_aside(text: str, part: int) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % PARTS == part


def _share(each: Sequence[bool]) -> float:
    return round(sum(each) / len(each), 4) if each else 0.0
