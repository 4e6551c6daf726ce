"""The trained model as arrays: which service items a text means, how urgent it sounds. Saved as npz, loaded without pickle."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FORMAT = 2
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """One linear layer over the shared features: scores = x·weights + bias, softmax at the calibrated temperature.

    `weights` is (features, outputs) in half precision: a quarter of the memory, and the argmax moves on less than one text in a thousand.
    """

    weights: NDArray[np.float16]
    bias: NDArray[np.float32]
    temperature: float

    def scores(self, indices: NDArray[np.intp], values: NDArray[np.float32]) -> Vector:
        return np.asarray(values @ self.weights[indices].astype(np.float32) + self.bias, dtype=np.float64)

    def probabilities(self, indices: NDArray[np.intp], values: NDArray[np.float32]) -> Vector:
        return softmax(self.scores(indices, values), self.temperature)


@dataclass(frozen=True, slots=True)
class Model:
    """`need` and `provider` have one output for each of `codes`; `urgency` four, for levels 1 to 4."""

    version: str
    codes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    need: Head
    provider: Head
    urgency: Head
    review_below: float

    def vector(self, features: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Known features as positions and TF-IDF values of unit length. Presence counts, not frequency."""
        known = [place for feature in features if (place := self.vocabulary.get(feature)) is not None]
        indices = np.asarray(known, dtype=np.intp)
        values = self.idf[indices]
        norm = float(np.sqrt(np.square(values).sum()))
        return indices, (values / norm if norm else values).astype(np.float32)

    def save(self, path: Path) -> None:
        arrays = {
            "format": np.asarray(FORMAT),
            "version": np.asarray(self.version),
            "codes": np.asarray(self.codes),
            "vocabulary": np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
            "idf": self.idf,
            "review_below": np.asarray(self.review_below),
        }
        for name in ("need", "provider", "urgency"):
            head: Head = getattr(self, name)
            arrays |= {
                f"{name}.weights": head.weights,
                f"{name}.bias": head.bias,
                f"{name}.temperature": np.asarray(head.temperature),
            }
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **arrays)  # type: ignore[arg-type]
        partial.replace(path)


def load_model(path: Path) -> Model:
    """Raises ValueError for a file of another format."""
    with np.load(path, allow_pickle=False) as arrays:
        if int(arrays["format"]) != FORMAT:
            raise ValueError(f"{path}: model format {int(arrays['format'])}, wanted {FORMAT}")
        heads = {
            name: Head(arrays[f"{name}.weights"], arrays[f"{name}.bias"], float(arrays[f"{name}.temperature"]))
            for name in ("need", "provider", "urgency")
        }
        words = arrays["vocabulary"].tobytes().decode().split("\n")
        return Model(
            version=str(arrays["version"]),
            codes=tuple(str(code) for code in arrays["codes"]),
            vocabulary={word: place for place, word in enumerate(words)},
            idf=arrays["idf"],
            review_below=float(arrays["review_below"]),
            **heads,
        )


def softmax(scores: Vector, temperature: float) -> Vector:
    lifted = np.exp((scores - scores.max()) / temperature)
    return np.asarray(lifted / lifted.sum(), dtype=np.float64)
