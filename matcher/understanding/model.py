"""The trained model as arrays: which service items a text means, how urgent it sounds. Saved as npz, loaded without pickle."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

FORMAT = 6
# The score of an item that no sentence was written for.
UNLIKELY = -20.0
Vector = NDArray[np.float64]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear layer over the shared features. `weights` is (features, outputs) in bytes, each output with its own `scale`:
    an eighth of the memory and the file, and the likeliest item moves in about one text of a hundred."""

    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, indices: NDArray[np.intp], values: NDArray[np.float32]) -> Vector:
        return np.asarray((values @ self.weights[indices].astype(np.float32)) * self.scale + self.bias, dtype=np.float64)


def pressed(weights: Matrix, bias: NDArray[np.float32]) -> Linear:
    """Rounds each output's weights to 255 steps of its largest."""
    scale = np.abs(weights).max(axis=0) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return Linear(np.round(weights / scale).astype(np.int8), scale, bias.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Model:
    """`items` has one output for each of `codes`, whose softmax gives probabilities; `urgency` four, for levels 1 to 4.
    `item_urgency` is (items, 4): how much oftener than usual an item's texts are of a level.

    Below `review_below` (a certainty, see `certainty`) what a need was taken to mean goes to a person.
    """

    version: str
    codes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    items: Linear
    provider_temperature: float
    urgency: Linear
    item_urgency: Matrix
    doubt: Vector
    review_below: float

    def vector(self, features: Mapping[str, int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Known features as positions and TF-IDF values of unit length. A feature that comes often counts by the logarithm."""
        known = [(place, times) for feature, times in features.items() if (place := self.vocabulary.get(feature)) is not None]
        indices = np.asarray([place for place, _ in known], dtype=np.intp)
        values = self.idf[indices] * (1 + np.log(np.asarray([times for _, times in known], dtype=np.float32)))
        norm = float(np.sqrt(np.square(values).sum()))
        return indices, (values / norm if norm else values).astype(np.float32)

    def certainty(self, scores: Vector) -> float:
        """How likely the first item is right, for one text's scores of `items`."""
        return float(certainty(scores[np.newaxis], self.doubt)[0])

    def save(self, path: Path) -> None:
        """Equal models give equal bytes."""
        arrays = {
            "format": np.asarray(FORMAT),
            "version": np.asarray(self.version),
            "codes": np.asarray(self.codes),
            "vocabulary": np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
            "idf": self.idf,
            "numbers": np.asarray([self.provider_temperature, self.review_below]),
            "doubt": self.doubt,
            "item_urgency": self.item_urgency,
        }
        for name, layer in (("items", self.items), ("urgency", self.urgency)):
            arrays |= {f"{name}.weights": layer.weights, f"{name}.scale": layer.scale, f"{name}.bias": layer.bias}
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez_compressed(partial, **arrays)  # type: ignore[arg-type]
        partial.replace(path)


class ModelError(Exception):
    """The model file cannot be used; the message says what to do."""


def load_model(path: Path | BinaryIO) -> Model:
    """Raises ModelError for a file that is damaged or of another format."""
    try:
        return _load(path)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        name = path if isinstance(path, Path) else ""
        raise ModelError(f"模型文件 {name} 不能用：{error}。请删除它，或用 sandan train 重新训练。") from error


def _load(path: Path | BinaryIO) -> Model:
    with np.load(path, allow_pickle=False) as arrays:
        if int(arrays["format"]) != FORMAT:
            raise ValueError(f"model format {int(arrays['format'])}, wanted {FORMAT}")
        layers = {
            name: Linear(arrays[f"{name}.weights"], arrays[f"{name}.scale"], arrays[f"{name}.bias"])
            for name in ("items", "urgency")
        }
        provider_temperature, review_below = (float(number) for number in arrays["numbers"])
        words = arrays["vocabulary"].tobytes().decode().split("\n")
        return Model(
            version=str(arrays["version"]),
            codes=tuple(str(code) for code in arrays["codes"]),
            vocabulary={word: place for place, word in enumerate(words)},
            idf=arrays["idf"],
            items=layers["items"],
            provider_temperature=provider_temperature,
            urgency=layers["urgency"],
            item_urgency=arrays["item_urgency"],
            doubt=arrays["doubt"],
            review_below=review_below,
        )


def softmax(scores: Vector, temperature: float) -> Vector:
    lifted = np.exp((scores - scores.max()) / temperature)
    return np.asarray(lifted / lifted.sum(), dtype=np.float64)


def doubts(scores: Vector) -> Vector:
    """(texts, 4) from (texts, items): how far the first item leads the second and the third, its log probability, the entropy."""
    ahead = np.full((len(scores), 3), UNLIKELY)
    ranked = -np.sort(-scores, axis=1)[:, :3]
    ahead[:, : ranked.shape[1]] = ranked
    lifted = np.exp(scores - ahead[:, :1])
    odds = lifted / lifted.sum(axis=1, keepdims=True)
    entropy = -(odds * np.log(odds + 1e-12)).sum(axis=1)
    return np.column_stack([ahead[:, 0] - ahead[:, 1], ahead[:, 0] - ahead[:, 2], np.log(odds.max(axis=1)), entropy])


def certainty(scores: Vector, doubt: Vector) -> Vector:
    """How likely the first item of each text is right, in [0, 1]. `doubt` weighs `doubts`, its last number is the constant."""
    return np.asarray(1 / (1 + np.exp(-(doubts(scores) @ doubt[:-1] + doubt[-1]))), dtype=np.float64)
