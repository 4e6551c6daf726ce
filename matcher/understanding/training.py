"""From texts to a model: our own corpus, a city's labelled history and confirmed needs go through the same steps.

Two linear views are blended (see `fitting`), made probabilities on writers that they have not seen, and given a mark below which a
person should look (see `calibration`).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.understanding.calibration import fit_certainty, threshold_for
from matcher.understanding.examples import Example
from matcher.understanding.features import Featuriser
from matcher.understanding.fitting import (
    BAYES_SMOOTHING,
    C_URGENCY,
    Labelled,
    Scores,
    choose_c,
    fit_blend,
    fit_item_urgency,
    fit_urgency,
    fit_views,
    out_of_fold,
)
from matcher.understanding.folds import cut
from matcher.understanding.model import FORMAT, Model, certainty
from matcher.understanding.normalise import Normaliser
from matcher.understanding.vectors import CONCEPT_WEIGHT, MIN_SENTENCES, Counted, count

# Sharper than calibrated: a provider's claims are compared with other providers', not taken as odds. Chosen on our own demo people.
PROVIDER_TEMPERATURE = 1.5
# Asked of texts of unseen writers, most of them hard on purpose: everyday ones are understood better than that.
REVIEW_PRECISION = 0.96
FOLDS = 3
# How strongly the margins fit what they see; what does best on a fold of the texts themselves is taken.
STRENGTHS = (0.5, 1.0, 2.0)
# For our own corpus it is measured, so that training need not choose again.
OUR_STRENGTH = (1.0,)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is learned from, counted once. `known` marks the texts of an item of `codes`; the others teach urgency alone."""

    examples: tuple[Example, ...]
    codes: tuple[str, ...]
    labelled: Labelled
    known: NDArray[np.bool_]
    is_need: NDArray[np.bool_]

    def part(self, inside: NDArray[np.bool_]) -> Labelled:
        texts = self.labelled.texts
        rows = Counted(texts.rows[inside], texts.names, texts.emphasis)
        return Labelled(rows, self.labelled.truth[inside], self.labelled.first[inside])


def prepare(
    needs: Sequence[Example],
    providers: Sequence[Example],
    codes: tuple[str, ...],
    normaliser: Normaliser,
    featuriser: Featuriser,
) -> Material:
    examples = (*needs, *providers)
    texts = count(
        [featuriser.features(normaliser.normalise(each.text), map(normaliser.normalise, each.words)) for each in examples]
    )
    place = {code: at for at, code in enumerate(codes)}
    truth = np.zeros((len(examples), len(codes)), dtype=np.int8)
    for row, example in enumerate(examples):
        truth[row, [place[code] for code in example.codes if code in place]] = 1
    first = np.asarray([place.get(example.codes[0], -1) for example in examples], dtype=np.intp)
    is_need = np.arange(len(examples)) < len(needs)
    return Material(examples, codes, Labelled(texts, truth, first), first >= 0, is_need)


def train(
    needs: Sequence[Example],
    providers: Sequence[Example],
    codes: tuple[str, ...],
    normaliser: Normaliser,
    featuriser: Featuriser,
    say: Progress = lambda _: None,
    strengths: tuple[float, ...] = STRENGTHS,
) -> Model:
    """Deterministic: the same texts give the same model. About two minutes for 30 000 sentences on two cores.

    Needs of an item that `codes` does not hold teach urgency and nothing else.
    """
    say(f"整理 {len(needs) + len(providers)} 条语料")
    material = prepare(needs, providers, codes, normaliser, featuriser)
    own = material.part(material.known)
    idf = material.labelled.texts.idf()
    rows = material.labelled.texts.weighed(idf)

    say("在没见过的文本上校准把握")
    fold = cut([example for example, known in zip(material.examples, material.known, strict=True) if known], FOLDS)
    strength = choose_c(own, fold, strengths)
    asked = material.is_need[material.known]
    scores, first, truth = out_of_fold(own, fold, strength)[:, asked], own.first[asked], own.truth[asked]
    blend = fit_blend(scores, first)
    blended = np.tensordot(blend, scores, 1)
    right = truth[np.arange(len(truth)), blended.argmax(axis=1)] == 1
    doubt = fit_certainty(blended, right)

    say("训练服务事项模型")
    items = fit_views(rows[material.known], own.truth, own.first, strength).blended(blend)
    say("训练紧急程度模型")
    judged = np.asarray([example.urgency is not None for example in material.examples])
    levels = np.asarray([example.urgency for example in material.examples if example.urgency is not None], dtype=np.intp)
    return Model(
        version=version_of(needs, providers, featuriser),
        codes=codes,
        vocabulary={name: place for place, name in enumerate(material.labelled.texts.names)},
        idf=idf,
        items=items,
        provider_temperature=PROVIDER_TEMPERATURE,
        urgency=fit_urgency(rows[judged], levels),
        item_urgency=fit_item_urgency(material.labelled.first[judged], levels, len(codes)),
        doubt=doubt,
        review_below=threshold_for(certainty(blended, doubt), right, REVIEW_PRECISION),
    )


def blended_out_of_fold(material: Labelled, fold: NDArray[np.intp], strength: float) -> Scores:
    scores = out_of_fold(material, fold, strength)
    return np.asarray(np.tensordot(fit_blend(scores, material.first), scores, 1), dtype=np.float64)


def version_of(needs: Sequence[Example], providers: Sequence[Example], featuriser: Featuriser) -> str:
    """A name for what the model learned from: equal corpora and lexicon, equal version."""
    settings = (FORMAT, STRENGTHS, BAYES_SMOOTHING, C_URGENCY, CONCEPT_WEIGHT, PROVIDER_TEMPERATURE, REVIEW_PRECISION,
                MIN_SENTENCES, featuriser.lexicon.content)  # fmt: skip
    digest = hashlib.sha256(repr(settings).encode())
    for example in (*needs, *providers):
        digest.update(repr(example).encode())
    return digest.hexdigest()[:12]
