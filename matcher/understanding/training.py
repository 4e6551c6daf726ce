"""From sentences to a model: linear support vector machines over TF-IDF, calibrated on writers they have not seen.

Method: one-vs-rest L2-regularised squared-hinge machines (Fan et al. 2008, LIBLINEAR, as in scikit-learn's LinearSVC), their
scores made probabilities by temperature scaling (Guo et al. 2017) on out-of-fold scores, folds cut by writer and not by line.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from matcher.understanding.features import Featuriser
from matcher.understanding.model import FORMAT, Linear, Model, pressed
from matcher.understanding.normalise import Normaliser
from models.provider import CONCEPT

C_ITEMS = 0.5
C_URGENCY = 4.0
# A concept says less than the word that stands for it: measured best between 0 and 1 on sentences of other writers.
CONCEPT_WEIGHT = 0.5
# Sharper than calibrated: a provider's claims are compared with other providers', not taken as odds. Chosen on our own demo people.
PROVIDER_TEMPERATURE = 0.15
# A feature of one sentence only is noise for the others, and most of the vocabulary.
MIN_SENTENCES = 2
# Asked of sentences of unseen writers, most of them hard on purpose: everyday ones are understood better than that.
REVIEW_PRECISION = 0.85
# The score of an item that no sentence was written for.
UNLIKELY = -2.0
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """`codes[0]` is the item meant first; `urgency` None for what a provider says of themself."""

    text: str
    codes: tuple[str, ...]
    writer: str
    urgency: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: csr_matrix
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]


def train(
    needs: Sequence[Example],
    providers: Sequence[Example],
    codes: tuple[str, ...],
    normaliser: Normaliser,
    featuriser: Featuriser,
    say: Progress = lambda _: None,
) -> Model:
    """Deterministic: the same sentences give the same model. About a minute for 20 000 sentences on one core."""
    say(f"整理 {len(needs) + len(providers)} 条语料")
    texts = [example.text for example in (*needs, *providers)]
    matrix = vectorise([featuriser.features(normaliser.normalise(text)) for text in texts])
    place = {code: at for at, code in enumerate(codes)}
    labels = np.asarray([place[example.codes[0]] for example in (*needs, *providers)])
    truth = np.zeros((len(texts), len(codes)), dtype=np.int8)
    for row, example in enumerate((*needs, *providers)):
        truth[row, [place[code] for code in example.codes if code in place]] = 1
    is_need = np.arange(len(texts)) < len(needs)
    writers = np.asarray([example.writer for example in (*needs, *providers)])

    say("训练服务事项模型")
    weights, bias = fit_items(matrix.rows, truth)
    say("校准置信度")
    scores = out_of_fold(matrix.rows, truth, labels, writers)
    temperature = fit_temperature(scores[is_need], labels[is_need])
    review_below = threshold_for(scores[is_need], truth[is_need], temperature)
    say("训练紧急程度模型")
    urgency = fit_urgency(matrix.rows[: len(needs)], np.asarray([example.urgency for example in needs]))
    return Model(
        version=version_of(needs, providers, featuriser),
        codes=codes,
        vocabulary=matrix.vocabulary,
        idf=matrix.idf,
        items=pressed(weights, bias),
        need_temperature=temperature,
        provider_temperature=PROVIDER_TEMPERATURE,
        urgency=urgency,
        review_below=review_below,
    )


def vectorise(documents: Sequence[Sequence[str]]) -> Matrix:
    """Binary TF-IDF with smoothed idf, rows of unit length."""
    counts: dict[str, int] = {}
    for features in documents:
        for feature in features:
            counts[feature] = counts.get(feature, 0) + 1
    vocabulary = {
        feature: place
        for place, feature in enumerate(sorted(f for f, n in counts.items() if n >= MIN_SENTENCES and "\n" not in f))
    }
    idf = np.asarray([_weight(feature, counts[feature], len(documents)) for feature in vocabulary], dtype=np.float32)
    return Matrix(_rows(documents, vocabulary, idf), vocabulary, idf)


def _weight(feature: str, count: int, documents: int) -> float:
    idf = float(np.log((1 + documents) / (1 + count))) + 1
    return idf * CONCEPT_WEIGHT if feature.startswith(CONCEPT) else idf


def _rows(documents: Sequence[Sequence[str]], vocabulary: dict[str, int], idf: NDArray[np.float32]) -> csr_matrix:
    indices: list[int] = []
    starts = [0]
    for features in documents:
        indices.extend(sorted(place for feature in features if (place := vocabulary.get(feature)) is not None))
        starts.append(len(indices))
    columns = np.asarray(indices, dtype=np.int32)
    matrix = csr_matrix((idf[columns], columns, np.asarray(starts)), shape=(len(documents), len(vocabulary)))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    matrix.data /= np.repeat(np.where(norms == 0, 1, norms), np.diff(matrix.indptr))
    return matrix


def fit_items(rows: csr_matrix, truth: NDArray[np.int8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One machine an item; a sentence may be of several. `truth` is (sentences, items) of 0 and 1."""
    known = np.flatnonzero(truth.any(axis=0))
    machine = OneVsRestClassifier(LinearSVC(C=C_ITEMS, random_state=0)).fit(rows, truth[:, known])
    weights = np.zeros((rows.shape[1], truth.shape[1]), dtype=np.float32)
    bias = np.full(truth.shape[1], UNLIKELY, dtype=np.float32)
    for place, each in zip(known.tolist(), machine.estimators_, strict=True):
        weights[:, place] = each.coef_[0]
        bias[place] = each.intercept_[0]
    return weights, bias


def out_of_fold(
    rows: csr_matrix, truth: NDArray[np.int8], labels: NDArray[np.intp], writers: NDArray[np.str_], folds: int = 3
) -> NDArray[np.float64]:
    """Each sentence's scores from machines that saw neither it nor, where there are several, its writer."""
    scores = np.full(truth.shape, UNLIKELY)
    fold = cut_by_writer(writers, folds) if _has_second_writers(labels, writers) else np.arange(len(labels)) % folds
    for each in sorted(set(fold.tolist())):
        inside = fold != each
        if inside.any():
            weights, bias = fit_items(rows[inside], truth[inside])
            scores[~inside] = rows[~inside] @ weights + bias
    return scores


def cut_by_writer(writers: NDArray[np.str_], folds: int) -> NDArray[np.intp]:
    """Blocks of neighbouring writers: they worked at the same time, each on other items, so that a block leaves every item its other writers."""
    names = sorted(set(writers.tolist()))
    fold_of = {writer: place * folds // len(names) for place, writer in enumerate(names)}
    return np.asarray([fold_of[writer] for writer in writers.tolist()])


def _has_second_writers(labels: NDArray[np.intp], writers: NDArray[np.str_]) -> bool:
    """Whether most items were written by two writers or more; a city's own history has one, and is cut by line."""
    of_item: dict[int, set[str]] = {}
    for label, writer in zip(labels.tolist(), writers.tolist(), strict=True):
        of_item.setdefault(label, set()).add(writer)
    return sum(len(each) > 1 for each in of_item.values()) > len(of_item) / 2


def fit_temperature(scores: NDArray[np.float64], labels: NDArray[np.intp]) -> float:
    """The temperature at which the probabilities are least surprised by the truth."""

    def loss(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(labels)), labels]))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 1.0), method="bounded").x))


def threshold_for(scores: NDArray[np.float64], truth: NDArray[np.int8], temperature: float) -> float:
    """The lowest confidence from which on the first item is right in REVIEW_PRECISION of the cases."""
    scaled = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    confidence = (scaled / scaled.sum(axis=1, keepdims=True)).max(axis=1)
    right = truth[np.arange(len(truth)), scores.argmax(axis=1)] == 1
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= REVIEW_PRECISION)
    return float(confidence[order][good[-1]]) if len(good) else 1.0


def fit_urgency(rows: csr_matrix, levels: NDArray[np.intp]) -> Linear:
    machine = LogisticRegression(C=C_URGENCY, class_weight="balanced", max_iter=300).fit(rows, levels)
    weights = np.zeros((rows.shape[1], 4), dtype=np.float32)
    bias = np.full(4, -20.0, dtype=np.float32)
    weights[:, machine.classes_ - 1] = machine.coef_.T
    bias[machine.classes_ - 1] = machine.intercept_
    return pressed(weights, bias)


def version_of(needs: Sequence[Example], providers: Sequence[Example], featuriser: Featuriser) -> str:
    """A name for what the model learned from: equal corpora and lexicon, equal version."""
    settings = (FORMAT, C_ITEMS, C_URGENCY, CONCEPT_WEIGHT, PROVIDER_TEMPERATURE, MIN_SENTENCES, featuriser.lexicon.content)
    digest = hashlib.sha256(repr(settings).encode())
    for example in (*needs, *providers):
        digest.update(repr(example).encode())
    return digest.hexdigest()[:12]
