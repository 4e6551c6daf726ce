"""Columns as arrays and plain numbers, and back: what a file can hold without pickle. Nothing is worked out anew on the way back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import Columns
from matcher.ranking.fields import Array
from matcher.ranking.ragged import SPARE

Arrays = dict[str, Array]
Numbers = dict[str, Any]
Take = Callable[[str], Array]
COUNTS = ("size", "sealed", "sorted_rows", "gone_from_cells", "epoch")
PLAIN = (bool, int, float)


class SnapshotError(Exception):
    """It is not one of such columns, or it is damaged."""


def packed(columns: Columns) -> tuple[Arrays, Numbers]:
    """Views, not copies: nobody may write to the columns until the arrays are in the file. Blocks go with them where they are."""
    size, arrays = columns.size, {}
    for name, column in columns.fixed.items():
        arrays[f"fixed/{name}"] = column[:size]
    for name, ragged in columns.lists.items():
        arrays |= {f"lists/{name}/start": ragged.start[:size], f"lists/{name}/count": ragged.count[:size]}
        arrays |= {f"lists/{name}/of/{part}": pool[: ragged.used] for part, pool in ragged.pools.items()}
    numbers: Numbers = {name: getattr(columns, name) for name in COUNTS}
    arrays["index"], *numbers["index"] = columns.row_of.state
    numbers |= {"touched": sorted(columns.touched), "odd": {str(row): id for row, id in columns.odd_ids.items()}, "blocks": {}}
    if isinstance(columns.attached, Blocks):
        _take_apart(columns.attached, "blocks", arrays, numbers["blocks"])
    return arrays, numbers


def unpacked(like: Columns, take: Take, numbers: Numbers) -> Columns:
    """Columns for the same catalogue, regions and regions carried as `like`, which the caller has made sure of. Raises SnapshotError.

    `take` gives each array when its turn has come, once.
    """
    try:
        return _unpacked(like, take, numbers)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise SnapshotError(f"{type(error).__name__}: {error}") from error


def _unpacked(like: Columns, take: Take, numbers: Numbers) -> Columns:
    fresh = like.anew(numbers["size"])
    size = numbers["size"]
    for name, column in fresh.fixed.items():
        column[:size] = take(f"fixed/{name}")
    for name, ragged in fresh.lists.items():
        ragged.start[:size] = take(f"lists/{name}/start")
        ragged.count[:size] = take(f"lists/{name}/count")
        ragged.fill({part: take(f"lists/{name}/of/{part}") for part in ragged.pools}, SPARE)
    for name in COUNTS:
        setattr(fresh, name, numbers[name])
    live = np.flatnonzero(fresh.fixed["live"][:size])
    fresh.row_of.take_over(take("index"), *numbers["index"])
    fresh.take_in(live, {int(row): id for row, id in numbers["odd"].items()}, found=True)
    fresh.touched = set(numbers["touched"])
    if numbers["blocks"]:
        blocks = Blocks(fresh.catalogue)
        _put_together(blocks, "blocks", take, numbers["blocks"])
        fresh.attached = blocks
    return fresh


def _take_apart(thing: object, path: str, arrays: Arrays, numbers: Numbers) -> None:
    """By what its attributes are: arrays, arrays by name, plain numbers, and things made of those. What is kept under other keys is
    worked out again when it is asked for; the catalogue is known."""
    for name, value in vars(thing).items():
        here = f"{path}/{name}"
        if isinstance(value, np.ndarray):
            arrays[here] = value
        elif isinstance(value, PLAIN):
            numbers[here] = value
        elif isinstance(value, dict):
            if all(isinstance(key, str) for key in value):
                arrays |= {f"{here}/{key}": array for key, array in value.items()}
                numbers[here] = list(value)
        elif type(value).__module__.startswith("matcher.ranking.blocks"):
            _take_apart(value, here, arrays, numbers)


def _put_together(thing: object, path: str, take: Take, numbers: Numbers) -> None:
    for name, value in vars(thing).items():
        here = f"{path}/{name}"
        if isinstance(value, np.ndarray):
            setattr(thing, name, take(here))
        elif isinstance(value, PLAIN):
            setattr(thing, name, numbers[here])
        elif isinstance(value, dict) and here in numbers:
            setattr(thing, name, {key: take(f"{here}/{key}") for key in numbers[here]})
        elif type(value).__module__.startswith("matcher.ranking.blocks"):
            _put_together(value, here, take, numbers)
