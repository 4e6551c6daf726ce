"""What training would be worth on texts that it has not seen: a report by label, a learning curve, confusions, a safe share.

Folds are cut by writer where several wrote for an item, else by text (see `folds`); nothing of a fold is used to read it, neither the
words' weights nor the settings.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.understanding.agreement import text_id
from matcher.understanding.calibration import fit_certainty, threshold_for
from matcher.understanding.examples import Example
from matcher.understanding.fitting import Labelled, Scores, choose_c, each_fold, fit_blend
from matcher.understanding.folds import Fold, cut
from matcher.understanding.model import certainty
from matcher.understanding.training import FOLDS, REVIEW_PRECISION, STRENGTHS, Material, Progress
from matcher.understanding.vectors import Counted

CURVE = (5, 10, 20, 40, 80, 120, 160)


@dataclass(frozen=True, slots=True)
class LabelMeasure:
    """`texts` have this label; shares in [0, 1]."""

    label: str
    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """`count` texts of `meant` were first read as `said`, which they do not also mean; the examples are the surest of them."""

    meant: str
    said: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selective:
    """Of the texts surer than a mark that was set on other folds: their share of all, and the share of them that is right."""

    wanted: float
    share: float
    precision: float


@dataclass(frozen=True, slots=True)
class Report:
    """Of texts read out of fold. `accuracy`: the first item is the first meant; `acceptable`: it is one of those meant."""

    texts: int
    folds: int
    accuracy: float
    acceptable: float
    macro_f1: float
    labels: tuple[LabelMeasure, ...]
    confusions: tuple[Confusion, ...]
    selective: tuple[Selective, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """`sentences` an item at most; None for everything, providers' words and catalogue too. `acceptable` as in Report."""

    sentences: int | None
    texts: int
    acceptable: float


def measure(
    material: Material, folds: int = 5, most: int = 20, strengths: Sequence[float] = STRENGTHS, say: Progress = lambda _: None
) -> Report:
    """As many fits as folds times one more than there are strengths."""
    own, examples = material.part(material.known), _known(material)
    fold = cut(examples, folds)
    asked = (fold >= 0) & material.is_need[material.known]
    scores = _stacked(own, examples, fold, tuple(strengths), say)[asked]
    first, truth = own.first[asked], own.truth[asked]
    said = scores.argmax(axis=1)
    right = truth[np.arange(len(said)), said] == 1
    labels = _by_label(first, said, material.codes)
    return Report(
        texts=len(said),
        folds=folds,
        accuracy=float(np.mean(said == first)),
        acceptable=float(right.mean()),
        macro_f1=float(np.mean([each.f1 for each in labels])),
        labels=labels,
        confusions=_confusions(
            [example.text for example, each in zip(examples, asked.tolist(), strict=True) if each], first, scores, right,
            material.codes, most,
        ),
        selective=tuple(_selective(scores, right, fold[asked], wanted) for wanted in (0.90, 0.93, REVIEW_PRECISION)),
    )  # fmt: skip


def learning_curve(material: Material, say: Progress = lambda _: None, sizes: Sequence[int] = CURVE) -> list[CurvePoint]:
    """Each size takes, of every item, the same sentences of needs again and some more; three folds each."""
    own, examples = material.part(material.known), _known(material)
    needs = material.is_need[material.known]
    fold = cut(examples, FOLDS)
    points = []
    for size in [*sizes, None]:
        say(f"每项 {size} 句" if size else "全部语料")
        right, used = [], []
        for each in range(FOLDS):
            taken = fold != each if size is None else _first_of_each(examples, needs & (fold != each), size)
            outside = needs & (fold == each)
            part = _part(own, taken | outside)
            apart = np.where(outside[taken | outside], 0, -1)
            _, views, rows = next(each_fold(part, apart, 1.0))
            said = np.tensordot((4.5, 0.7), views.scores(rows), 1).argmax(axis=1)
            right.extend(own.truth[outside][np.arange(len(said)), said].tolist())
            used.append(int((taken & needs).sum()))
        points.append(CurvePoint(size, round(sum(used) / FOLDS), float(np.mean(right))))
    return points


def _known(material: Material) -> list[Example]:
    return [example for example, known in zip(material.examples, material.known.tolist(), strict=True) if known]


def _part(labelled: Labelled, inside: NDArray[np.bool_]) -> Labelled:
    texts = Counted(labelled.texts.rows[inside], labelled.texts.names, labelled.texts.emphasis)
    return Labelled(texts, labelled.truth[inside], labelled.first[inside])


def _first_of_each(examples: Sequence[Example], inside: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    taken: Counter[str] = Counter()
    chosen = np.zeros(len(examples), dtype=np.bool_)
    for place in sorted(np.flatnonzero(inside).tolist(), key=lambda place: text_id(examples[place].text)):
        code = examples[place].codes[0]
        if taken[code] < size:
            taken[code] += 1
            chosen[place] = True
    return chosen


def _stacked(own: Labelled, examples: Sequence[Example], fold: Fold, strengths: tuple[float, ...], say: Progress) -> Scores:
    """Blended scores out of fold: the strength chosen inside the other folds, the blend fitted on their texts."""
    views = np.zeros((2, *own.truth.shape))
    folds = sorted({each for each in fold.tolist() if each >= 0})
    for each in folds:
        say(f"第 {each + 1} 折，共 {len(folds)} 折")
        inside = fold != each
        inner = [example for example, taken in zip(examples, inside.tolist(), strict=True) if taken]
        strength = choose_c(_part(own, inside), cut(inner, FOLDS), strengths)
        outside, fitted, rows = next(each_fold(own, np.where(inside, -1, each), strength))
        views[:, outside] = fitted.scores(rows)
    blended = np.zeros(own.truth.shape)
    for each in folds:
        others = (fold != each) & (fold >= 0)
        blend = fit_blend(views[:, others], own.first[others])
        blended[fold == each] = np.tensordot(blend, views[:, fold == each], 1)
    return blended


def _by_label(first: NDArray[np.intp], said: NDArray[np.intp], codes: Sequence[str]) -> tuple[LabelMeasure, ...]:
    """Labels that no text has are left out."""
    meant_of, said_of = np.bincount(first, minlength=len(codes)), np.bincount(said, minlength=len(codes))
    hits = np.bincount(first[first == said], minlength=len(codes))
    return tuple(
        LabelMeasure(
            label=codes[place],
            texts=int(meant_of[place]),
            precision=float(hits[place] / max(1, said_of[place])),
            recall=float(hits[place] / meant_of[place]),
            f1=float(2 * hits[place] / (meant_of[place] + said_of[place])),
        )
        for place in np.flatnonzero(meant_of).tolist()
    )


def _confusions(
    texts: Sequence[str], first: NDArray[np.intp], scores: Scores, right: NDArray[np.bool_], codes: Sequence[str], most: int
) -> tuple[Confusion, ...]:
    said = scores.argmax(axis=1)
    ahead = scores.max(axis=1) - scores[np.arange(len(first)), first]
    of_pair: dict[tuple[int, int], list[int]] = {}
    for place in np.flatnonzero(~right).tolist():
        of_pair.setdefault((int(first[place]), int(said[place])), []).append(place)
    worst = sorted(of_pair.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:most]
    return tuple(
        Confusion(
            codes[meant],
            codes[read],
            len(places),
            tuple(texts[place] for place in sorted(places, key=lambda place: -ahead[place])[:3]),
        )
        for (meant, read), places in worst
    )


def _selective(scores: Scores, right: NDArray[np.bool_], fold: Fold, wanted: float) -> Selective:
    kept = np.zeros(len(right), dtype=np.bool_)
    for each in sorted(set(fold.tolist())):
        others, own = fold != each, fold == each
        doubt = fit_certainty(scores[others], right[others])
        kept[own] = certainty(scores[own], doubt) >= threshold_for(certainty(scores[others], doubt), right[others], wanted)
    return Selective(wanted, float(kept.mean()), float(right[kept].mean()) if kept.any() else 0.0)
