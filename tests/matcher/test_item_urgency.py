"""How urgent an item's needs usually are is learned beside the words."""

import numpy as np

from matcher.understanding.fitting import fit_item_urgency


def test_an_item_whose_texts_are_mostly_urgent_speaks_for_urgency() -> None:
    first, levels = np.asarray([0] * 8 + [1] * 8), np.asarray([4] * 6 + [3] * 2 + [1] * 6 + [2] * 2)
    oftener = fit_item_urgency(first, levels, 2)
    assert oftener[0, 3] > 1 > oftener[0, 0]
    assert oftener[1, 0] > 1 > oftener[1, 3]


def test_an_item_without_texts_says_nothing_of_urgency() -> None:
    oftener = fit_item_urgency(np.asarray([0, 0, -1]), np.asarray([4, 1, 2]), 3)
    assert oftener[1:].tolist() == [[1.0] * 4] * 2


def test_a_history_without_levels_leaves_urgency_to_the_words() -> None:
    assert fit_item_urgency(np.asarray([-1]), np.asarray([2]), 2).tolist() == [[1.0] * 4] * 2
