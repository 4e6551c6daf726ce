"""Which texts are learned from and which are only asked: cut by writer where there are several, else by text."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.understanding.examples import CATALOGUE, Example

Fold = NDArray[np.intp]


def cut(examples: Sequence[Example], folds: int) -> Fold:
    """From 0; -1 for what is always learned from. A city's own history has one writer or none that is known, and is cut by text."""
    return cut_by_writer(examples, folds) if _has_second_writers(examples) else cut_by_text(examples, folds)


def cut_by_writer(examples: Sequence[Example], folds: int) -> Fold:
    """Blocks of neighbouring writers: they worked at the same time, each on other items, so that a block leaves every item its other writers."""
    names = sorted({example.writer for example in examples} - {CATALOGUE})
    fold_of = {CATALOGUE: -1} | {writer: place * folds // len(names) for place, writer in enumerate(names)}
    return np.asarray([fold_of[example.writer] for example in examples], dtype=np.intp)


def cut_by_text(examples: Sequence[Example], folds: int) -> Fold:
    """Each label dealt out evenly; a text that was handed in twice stays in one fold, so that nobody is asked what they were told."""
    first_of = {example.text: example.codes[0] for example in reversed(examples) if example.writer != CATALOGUE}
    dealt = sorted(first_of, key=lambda text: (first_of[text], hashlib.sha256(text.encode()).digest()))
    fold_of = {text: place % folds for place, text in enumerate(dealt)}
    return np.asarray([fold_of.get(example.text, -1) for example in examples], dtype=np.intp)


def _has_second_writers(examples: Sequence[Example]) -> bool:
    """Whether most items were written by two writers or more."""
    writers: dict[str, set[str]] = {}
    for example in examples:
        if example.writer == CATALOGUE:
            continue
        writers.setdefault(example.codes[0], set()).add(example.writer)
    return sum(len(each) > 1 for each in writers.values()) > len(writers) / 2
