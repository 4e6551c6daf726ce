"""The blocks rank exactly as the scan does, whatever the city, the need and the weights, and whatever has changed since."""

import os
from random import Random

import pytest

from matcher.ranking import ranker
from matcher.ranking.blocks import sweep as sweeping
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns
from matcher.ranking.query import Query
from matcher.ranking.ranker import rank_by_blocks, rank_by_scan
from models.weights import Weights
from tests.matcher.city import CATALOGUE, random_provider
from tests.matcher.crowd import change, crowd, crowd_query, crowd_weights, told, with_an_item_more

# SANDAN_CASES=10000 for the long run, a few minutes.
CASES = int(os.environ.get("SANDAN_CASES", "160"))
IN_A_CITY = 20
LIMITS = (1, 3, 20, 20, 100)


@pytest.fixture(autouse=True)
def _never_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the sweep itself is tried, however much of the city it has to look at and however small it is."""
    monkeypatch.setattr(sweeping, "GIVE_UP_PART", 9.0)
    monkeypatch.setattr(sweeping, "FEW_CELLS", -1)


def assert_same(query: Query, columns: Columns, profile: Weights, limit: int, *, counts: bool) -> None:
    scan = rank_by_scan(query, columns, CATALOGUE, profile, limit)
    blocks = rank_by_blocks(query, columns, CATALOGUE, profile, limit)
    assert told(blocks) == told(scan)
    if counts:
        assert blocks is not None
        assert (blocks.eligible, blocks.excluded) == (scan.eligible, scan.excluded)


def test_an_item_that_was_added_later_is_ranked_for_as_by_the_scan() -> None:
    catalogue, columns, query, profile = with_an_item_more(5)
    scan = rank_by_scan(query, columns, catalogue, profile, 50)
    assert told(rank_by_blocks(query, columns, catalogue, profile, 50)) == told(scan)
    assert len(scan.candidates) == 50


@pytest.mark.parametrize("seed", range(CASES // (2 * IN_A_CITY)))
def test_blocks_give_the_same_people_in_the_same_order_as_the_scan(seed: int) -> None:
    dice = Random(seed)
    columns = crowd(dice, dice.choice((1024, 4096, 9000)))
    for case in range(IN_A_CITY):
        assert_same(crowd_query(dice, columns), columns, crowd_weights(dice), dice.choice(LIMITS), counts=case < 3)


@pytest.mark.parametrize("seed", range(CASES // (2 * IN_A_CITY)))
def test_blocks_stay_exact_while_providers_come_go_and_move(seed: int) -> None:
    dice = Random(1_000_000 + seed)
    columns = crowd(dice, dice.choice((1500, 5000, 9000)))
    number = 0
    for case in range(IN_A_CITY):
        for _ in range(dice.choice((1, 30, 700))):
            number += 1
            change(dice, columns, number)
        if case == IN_A_CITY // 2 and dice.random() < 0.3:
            columns.sort()
        assert_same(crowd_query(dice, columns), columns, crowd_weights(dice), dice.choice(LIMITS), counts=case < 2)


@pytest.mark.parametrize("seed", range(8))
def test_where_few_have_the_skill_all_of_them_are_looked_at_and_rank_as_in_the_scan(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "FEW_CELLS", 9)
    dice = Random(2_000_000 + seed)
    columns = crowd(dice, 5000)
    for number in range(200):
        change(dice, columns, number)
    for case in range(IN_A_CITY):
        assert_same(crowd_query(dice, columns), columns, crowd_weights(dice), dice.choice(LIMITS), counts=case < 2)


def test_the_plan_takes_blocks_for_many_and_a_scan_for_few_or_for_a_long_list() -> None:
    dice = Random(5)
    columns = crowd(dice, 9000)
    query, profile = crowd_query(dice, columns), crowd_weights(dice)
    assert ranker.rank(query, columns, CATALOGUE, profile, 3).counted
    columns.blocks_from = columns.size
    by_blocks = ranker.rank(query, columns, CATALOGUE, profile, 3)
    assert not by_blocks.counted
    assert by_blocks.eligible == rank_by_scan(query, columns, CATALOGUE, profile, 3).eligible
    assert by_blocks.counted
    assert ranker.rank(query, columns, CATALOGUE, profile, 500).counted


def test_columns_filled_elsewhere_take_the_place_of_the_old_ones() -> None:
    dice = Random(6)
    old, people = crowd(dice, 2000), [random_provider(dice, f"{number:024x}") for number in range(3000)]
    fresh = old.anew(len(people))
    fresh.blocks_from = 100
    for each in people:
        fresh.put(each)
    ranker.prepare(fresh)
    old.become(fresh)
    assert (len(old), old.sealed, old.size) == (3000, 2048, 3000)
    assert {old.ref_at(row) for row in range(3000)} == {each.ref for each in people}
    assert all(old.name_at(old.row_of[each.ref]) == each.name for each in people[::50])
    assert blocks_of(old, CATALOGUE).rows == 2048
    old.remove(people[0].ref)
    assert people[0].ref not in old.row_of
