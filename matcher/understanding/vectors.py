"""Texts as sparse rows: logarithmic counts times inverse document frequency, of unit length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.provider import CONCEPT

# A concept says less than the word that stands for it: measured best between 0 and 1 on sentences of other writers.
CONCEPT_WEIGHT = 0.5
# A feature of one sentence only is noise for the others, and most of the vocabulary.
MIN_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """`rows` hold 1 + ln(count) of each feature of `names` in each text, before any weighing by how rare it is."""

    rows: csr_matrix
    names: tuple[str, ...]
    emphasis: NDArray[np.float32]

    def idf(self, inside: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
        """Smoothed idf over the texts `inside`, 0 for what fewer than MIN_SENTENCES of them hold: it is not seen at all."""
        rows = self.rows if inside is None else self.rows[inside]
        holding = np.bincount(rows.indices, minlength=len(self.names))
        idf = (np.log((1 + rows.shape[0]) / (1 + holding)) + 1) * self.emphasis
        return np.asarray(np.where(holding >= MIN_SENTENCES, idf, 0), dtype=np.float32)

    def weighed(self, idf: NDArray[np.float32]) -> csr_matrix:
        rows = self.rows.copy()
        rows.data = rows.data * idf[rows.indices]
        squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
        rows.data /= np.repeat(np.where(squares == 0, 1, np.sqrt(squares)), np.diff(rows.indptr)).astype(np.float32)
        return rows


def count(documents: Sequence[Mapping[str, int]]) -> Counted:
    holding: dict[str, int] = {}
    for features in documents:
        for feature in features:
            holding[feature] = holding.get(feature, 0) + 1
    names = tuple(sorted(name for name, texts in holding.items() if texts >= MIN_SENTENCES and "\n" not in name))
    place = {name: at for at, name in enumerate(names)}
    columns: list[int] = []
    counts: list[int] = []
    starts = [0]
    for features in documents:
        known = sorted((at, times) for feature, times in features.items() if (at := place.get(feature)) is not None)
        columns.extend(at for at, _ in known)
        counts.extend(times for _, times in known)
        starts.append(len(columns))
    values = (1 + np.log(np.asarray(counts, dtype=np.float32))).astype(np.float32)
    rows = csr_matrix((values, np.asarray(columns, dtype=np.int32), np.asarray(starts)), shape=(len(documents), len(names)))
    emphasis = np.asarray([CONCEPT_WEIGHT if name.startswith(CONCEPT) else 1 for name in names], dtype=np.float32)
    return Counted(rows, names, emphasis)
