"""Texts looked up many at once have the numbers that the function gives each of them."""

from random import Random

import numpy as np
import pytest

from matcher.ranking.glossary import FEW, NONE, Glossary


def number(text: str) -> int:
    if "坏" in text:
        raise ValueError(text)
    return int.from_bytes(text.encode()[:5] + bytes([len(text)]), "big")


@pytest.mark.parametrize("seed", range(3))
def test_every_text_has_its_own_number_and_one_without_says_so(seed: int) -> None:
    dice, asked = Random(seed), [0]

    def counting(text: str) -> int:
        asked[0] += 1
        return number(text)

    glossary = Glossary(counting)
    letters = "abc词坏\0"
    for _ in range(12):
        texts = ["".join(dice.choices(letters, k=dice.choice((0, 1, 2, 3, 5, 8, 16, 17)))) for _ in range(FEW)]
        whole = [text.encode() for text in texts]
        lengths = np.asarray([len(text) for text in whole])
        data = np.frombuffer(b"".join(whole) + bytes(16), np.uint8)
        found = glossary.numbers(data, np.cumsum(lengths) - lengths, lengths)
        assert found.tolist() == [NONE if "坏" in text else number(text) for text in texts]
    assert asked[0] < 12 * FEW
