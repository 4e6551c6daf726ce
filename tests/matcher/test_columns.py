"""Columns that were changed row by row are the columns one would load afresh."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from matcher.ranking.columns import Columns, person_number, region_number
from matcher.ranking.eligibility import sift
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.fields import FIELDS, LISTS
from matcher.ranking.query import View
from matcher.ranking.ranker import rank
from models.account import ProviderRef
from models.provider import Provider
from models.schedule import Slot
from seed.sources import regions
from tests.make import GRID, organisation, terms, volunteer, weights
from tests.matcher.city import CATALOGUE, GRIDS, asking, loaded, random_city, random_provider, random_query


def in_order(columns: Columns) -> tuple[list[ProviderRef], Excerpt]:
    """Everybody by their reference."""
    found = sorted(columns.row_of, key=str)
    return found, Excerpt(columns, np.asarray([columns.row_of[ref] for ref in found], dtype=np.intp))


def assert_equal(one: Columns, other: Columns) -> None:
    (refs, mine), (others, theirs) = in_order(one), in_order(other)
    assert refs == others
    assert len(one) == len(refs) == np.count_nonzero(one.fixed["live"][: one.size])
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name), err_msg=name)
    for name in LISTS:
        np.testing.assert_array_equal(getattr(mine, name).counts, getattr(theirs, name).counts, err_msg=name)
        for part, values in getattr(mine, name).parts.items():
            np.testing.assert_array_equal(values, getattr(theirs, name)[part], err_msg=f"{name} {part}")
    assert [mine.ref_at(place) for place in range(mine.size)] == refs
    for region in {grid[:digits] for grid in GRIDS for digits in (6, 9, 12, 15)}:
        assert {one.ref_at(row) for row in one.serving(region)} == {other.ref_at(row) for row in other.serving(region)}


@pytest.mark.parametrize("seed", range(15))
def test_columns_after_any_changes_equal_columns_freshly_loaded(seed: int) -> None:
    dice = Random(seed)
    kept: dict[ProviderRef, Provider] = {each.ref: each for each in random_city(dice, 20)}
    columns = loaded(*kept.values(), room=4)
    for number in range(120):
        ref = dice.choice(list(kept)) if kept else None
        step = dice.choice(("put", "change", "remove")) if ref else "put"
        if step == "remove" and ref:
            columns.remove(ref)
            del kept[ref]
            continue
        id = ref.id if step == "change" and ref else f"{1000 + number:024x}"
        provider = random_provider(dice, id)
        kept[provider.ref] = provider
        columns.put(provider)
    fresh = loaded(*kept.values())
    assert len(columns) == len(fresh) == len(kept)
    assert_equal(columns, fresh)
    query = random_query(dice, list(kept.values()))
    one, other = (rank(query, each, CATALOGUE, weights(), 50) for each in (columns, fresh))
    assert [(each.ref, each.score) for each in one.candidates] == [(each.ref, each.score) for each in other.candidates]
    assert one.excluded == other.excluded


def test_columns_grow_past_their_first_room() -> None:
    city = random_city(Random(1), 50)
    small = loaded(*city, room=1)
    assert small.size == 50
    assert_equal(small, loaded(*city, room=512))


def test_a_freed_row_is_used_again_and_keeps_nothing_of_who_was_there() -> None:
    gone = organisation(service_regions=(GRID,), availability=(Slot(1, 0, 60), Slot(2, 0, 60)), name="测试旧")
    stayed, newcomer = volunteer(), volunteer(services=(), availability=())
    columns = loaded(gone, stayed)
    columns.remove(gone.ref)
    assert len(columns) == 1
    assert columns.serving(GRID).size == 0
    columns.put(newcomer)
    assert columns.size == 2
    assert_equal(columns, loaded(stayed, newcomer))
    assert sift(View(asking(), columns, CATALOGUE))[1] == {"skill": 1}


def test_an_organisation_that_names_other_regions_no_longer_serves_the_old_ones() -> None:
    one = organisation(service_regions=(GRID,))
    columns = loaded(one)
    columns.put(replace(one, service_regions=("420111",)))
    assert columns.serving(GRID).size == 0
    assert columns.serving("420111001001001").tolist() == [0]
    columns.put(replace(one, service_regions=()))
    assert columns.serving("420111001001001").size == 0
    assert columns.everyone().reach_km[0] == 10


def test_a_weight_of_another_hand_is_brought_into_its_bounds_and_leaves_no_trace() -> None:
    one = volunteer(terms=terms(化学=0, 英语=9000))
    columns = loaded(one)
    assert sorted(columns.everyone().terms["weight"].tolist()) == [1, 255]
    columns.put(replace(one, terms=()))
    assert len(columns.everyone().terms.owner) == 0


def test_removing_somebody_unknown_and_clearing_leave_a_usable_table() -> None:
    columns = loaded(volunteer(), volunteer())
    columns.remove(volunteer().ref)
    assert len(columns) == 2
    columns.clear()
    assert (len(columns), columns.size, bool(columns.everyone().live.any())) == (0, 0, False)


def test_no_two_regions_share_a_number() -> None:
    codes = [region.code for region in regions()]
    assert len({region_number(code) for code in codes}) == len(codes)


def test_a_phone_becomes_a_number_that_tells_persons_apart() -> None:
    assert person_number("") == 0
    numbers = {person_number(f"000{n:08d}") for n in range(1000)}
    assert len(numbers) == 1000
    assert 0 not in numbers
