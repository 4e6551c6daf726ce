"""What a block promises is never less than what any of its rows gets, for every criterion and every rule."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.blocks.bounds import BOUNDS, HOPES, bound_of, exceptions, most_points
from matcher.ranking.blocks.order import CELL, WORD
from matcher.ranking.blocks.outlook import Outlook
from matcher.ranking.blocks.sketch import STEADY, Sketch
from matcher.ranking.blocks.update import Blocks, blocks_of
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import RULES
from matcher.ranking.query import View
from matcher.ranking.scoring import DECIMALS, rounded_km, score_of
from tests.matcher.city import CATALOGUE
from tests.matcher.crowd import crowd, crowd_query, crowd_weights

# Words do not know skills: those of a row are worked out before it is looked at.
OF_CELLS = {"skill"}


def laid(seed: int) -> tuple[Random, View, Blocks]:
    dice = Random(seed)
    columns = crowd(dice, CELL * dice.choice((1, 3)))
    for ref in [columns.ref_at(row) for row in range(0, columns.size, 7)][: dice.choice((0, 300))]:
        columns.remove(ref)
    blocks = blocks_of(columns, CATALOGUE)
    return dice, View(crowd_query(dice, columns), columns, CATALOGUE), blocks


def levels(blocks: Blocks) -> list[tuple[str, Sketch, int]]:
    return [("words", blocks.words, WORD), ("cells", blocks.cells, CELL)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1 << 30))
def test_no_row_has_more_of_a_criterion_than_its_block_promises(seed: int) -> None:
    dice, view, blocks = laid(seed)
    weights = crowd_weights(dice)
    rows = np.setdiff1d(view.live_rows(), exceptions(view.query, view.table))
    rows = rows[rows < blocks.rows]
    seen = view.only(rows)
    everyone = np.arange(len(rows))
    for name, sketch, size in levels(blocks):
        outlook = Outlook(view, sketch, np.arange(sketch.size))
        for code, each in CRITERIA.items():
            if name == "cells" or code not in OF_CELLS:
                assert np.all(bound_of(code, outlook)[rows // size] >= each.measure(seen, everyone)), (name, code)
        if name == "cells":
            most = np.round(most_points(outlook, weights.shares(tuple(CRITERIA))), DECIMALS)
            assert np.all(most[rows // size] >= score_of(seen, everyone, weights))
        assert np.all(outlook.at_least_km[rows // size] <= rounded_km(seen, everyone))
        assert np.all(outlook.figure("id_least")[rows // size] <= seen.columns.id_high)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1 << 30))
def test_no_row_passes_a_rule_that_its_block_gives_no_hope_for(seed: int) -> None:
    _, view, blocks = laid(seed)
    rows = np.setdiff1d(view.live_rows(), exceptions(view.query, view.table))
    rows = rows[rows < blocks.rows]
    seen = view.only(rows)
    for name, sketch, size in levels(blocks):
        outlook = Outlook(view, sketch, np.arange(sketch.size))
        for code, may in HOPES.items():
            if name == "cells" or code not in OF_CELLS:
                assert np.all(may(outlook)[rows // size] | ~RULES[code].passes(seen)), (name, code)


@pytest.mark.parametrize("seed", range(20))
def test_a_block_promises_nothing_that_no_row_anywhere_could_have(seed: int) -> None:
    _, view, blocks = laid(seed)
    outlook = Outlook(view, blocks.cells, np.arange(blocks.cells.size))
    promised = {code: float(bound_of(code, outlook).max(initial=0.0)) for code in CRITERIA}
    assert all(0 <= most <= 1 + 1e-6 for most in promised.values()), promised


def test_every_bound_is_of_a_criterion_and_every_hope_of_a_rule() -> None:
    assert set(BOUNDS) | set(STEADY) <= set(CRITERIA)
    assert not set(BOUNDS) & set(STEADY)
    assert set(HOPES) <= set(RULES)


def test_the_rule_of_the_area_comes_first_so_that_whole_blocks_out_of_reach_can_be_counted() -> None:
    assert next(iter(RULES)) == "area"
