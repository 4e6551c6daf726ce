"""Documents read many at once tell what reading each by itself tells."""

from datetime import UTC, datetime
from random import Random
from typing import Any

import bson
import numpy as np

from models.store.lockstep import ARRAY, DOCUMENT, MOST_LAYOUTS, SPARE_BYTES, TEXT, Lockstep

NAMES = ("a", "name", "seven77", "eight888", "nine99999", "sixteen_letters_", "asked_day", "asked_today")
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def value(dice: Random) -> Any:
    return dice.choice(
        [
            None,
            True,
            7,
            -(2**40),
            0.25,
            "",
            "words",
            "很长的一句话" * 9,
            [],
            ["b", "c"],
            {"in": 1, "out": {}},
            AT,
            b"bytes",
            {"x": [1]},
        ]
    )


def city(dice: Random, size: int) -> list[dict[str, Any]]:
    """Most with the same fields in the same order, as from one program; some as from another."""
    usual = [{name: value(dice) for name in NAMES} for _ in range(3)]
    made = []
    for number in range(size):
        names = dice.sample(NAMES, k=dice.randint(0, len(NAMES))) if dice.random() < 0.1 else NAMES
        made.append({"_id": number} | {name: dice.choice(usual)[name] if dice.random() < 0.9 else value(dice) for name in names})
    return made


def as_array(documents: list[dict[str, Any]]) -> bytearray:
    whole = bson.encode({"found": documents})
    return bytearray(whole[len(b"....\x04found\x00") : -1] + bytes(SPARE_BYTES))


def told(walk: Lockstep, name: str) -> list[Any]:
    found = walk.fields([name], walk.starts)[name]
    numbers, (starts, lengths) = walk.numbers(found), walk.texts(found)
    texts = [walk.data[start : start + length].tobytes().decode() for start, length in zip(starts, lengths, strict=True)]
    return [text if kind == TEXT else number for kind, text, number in zip(found.types, texts, numbers, strict=True)]


def expected(each: Any) -> Any:
    return each if isinstance(each, str) else float(each) if isinstance(each, int | float) else np.nan


def test_fields_of_any_type_and_order_are_found_in_all_documents() -> None:
    for seed in range(5):
        made = city(Random(seed), 40 if seed else 1200)
        for walk in (Lockstep.of_documents(b"".join(map(bson.encode, made))), Lockstep.of_array(as_array(made))):
            for name in NAMES:
                found = told(walk, name)
                if not walk.odd.any():
                    np.testing.assert_equal(found, [expected(each.get(name)) for each in made])
            left = [each["_id"] for each, odd in zip(made, walk.odd, strict=True) if odd]
            assert walk.ids(walk.odd) == [str(id) for id in left]
            assert len(left) < len(made) / 10


def test_lists_are_found_with_their_entries_and_a_strange_entry_is_told() -> None:
    made = [{"l": [{"n": number, "w": f"w{at}"} for at in range(number % 13)]} for number in range(40)]
    made += [{"l": [{"n": 1, "w": "v"}, 7]}, {"l": 5}, {}]
    walk = Lockstep.of_documents(b"".join(map(bson.encode, made)))
    lists = walk.fields(["l"], walk.starts)["l"]
    assert lists.types.tolist() == [ARRAY] * 41 + [16, 0]
    counts, at, owner = walk.entries(lists, DOCUMENT, 12)
    assert counts.tolist() == [*(number % 13 for number in range(40)), 1, 0, 0]
    assert np.flatnonzero(walk.odd).tolist() == [40]
    entries = walk.fields(["n", "w"], at + 4, owner)
    assert walk.numbers(entries["n"]).tolist() == [number for number in range(40) for _ in range(number % 13)] + [1]
    starts, lengths = walk.texts(entries["w"])
    words = [walk.data[start : start + length].tobytes() for start, length in zip(starts, lengths, strict=True)]
    assert words == [b"w%d" % at for number in range(40) for at in range(number % 13)] + [b"v"]


def test_of_too_many_orders_of_fields_the_rest_is_left_to_be_read_one_by_one() -> None:
    made = [{f"field{number}": 1, "name": "n"} for number in range(3 * MOST_LAYOUTS)]
    walk = Lockstep.of_documents(b"".join(map(bson.encode, made)))
    found = told(walk, "name")
    assert 0 < walk.odd.sum() <= 2 * MOST_LAYOUTS
    assert {each for each, odd in zip(found, walk.odd, strict=True) if not odd} == {"n"}
