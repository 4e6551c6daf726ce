"""The compiled kernel ranks exactly as the scan does, and where it cannot be sure it says so. Left out without a C compiler."""

import os
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from matcher.ranking import ranker
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns, Rows, Values
from matcher.ranking.criteria import CRITERIA, Criterion
from matcher.ranking.eligibility import RULES, Rule, sift
from matcher.ranking.kernel.compiled import Best, build, compiler, load, place
from matcher.ranking.kernel.search import best_rows
from matcher.ranking.query import Query, View
from matcher.ranking.ranker import rank_by_kernel, rank_by_scan
from matcher.ranking.scoring import score_of
from models.weights import Weights
from tests.matcher.city import CATALOGUE
from tests.matcher.crowd import change, crowd, crowd_query, crowd_weights, told, with_an_item_more

CASES = int(os.environ.get("SANDAN_CASES", "80"))
IN_A_CITY = 20
LIMITS = (1, 3, 20, 20, 100)
NOBODY = np.arange(0)

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler: the compiled kernel is not tried")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Best:
    return load(build(tmp_path_factory.mktemp("kernel")))


def assert_same(kernel: Best, query: Query, columns: Columns, profile: Weights, limit: int) -> bool:
    """Whether the kernel could tell."""
    by_kernel = rank_by_kernel(kernel, query, columns, CATALOGUE, profile, limit)
    if by_kernel is None:
        return False
    scan = rank_by_scan(query, columns, CATALOGUE, profile, limit)
    assert told(by_kernel) == told(scan)
    return True


def assert_bounded(kernel: Best, query: Query, columns: Columns, profile: Weights, room: int) -> None:
    """Nobody left out has more than the least of those found, and nobody found has more than they are said to have at most."""
    view, shares = View(query, columns, CATALOGUE), profile.shares(tuple(CRITERIA))
    blocks = blocks_of(columns, CATALOGUE)
    found = best_rows(kernel, view, blocks, shares, room, NOBODY)
    if found is None:  # thousands tie
        return
    rows, bounds = found
    passing, score = scored(view, profile)
    served = columns.serving(query.region)
    inside = (passing < blocks.rows) & ~np.isin(passing, served) & ~np.isin(passing, list(columns.touched))
    left_out = inside & ~np.isin(passing, rows)
    if not query.known:
        assert len(rows) == room or not left_out.any()
        assert (score[left_out] <= (bounds.min() if len(rows) else 0)).all()
    most = dict(zip(rows.tolist(), bounds.tolist(), strict=True))
    assert len(most) == len(rows)
    mine = [(each, worth) for each, worth in zip(passing.tolist(), score.tolist(), strict=True) if each in most]
    if not query.known:
        assert all(worth <= most[each] for each, worth in mine if each not in columns.touched and each not in served)


def test_an_item_that_was_added_later_is_ranked_for_as_by_the_scan(kernel: Best) -> None:
    catalogue, columns, query, profile = with_an_item_more(4)
    found = rank_by_kernel(kernel, query, columns, catalogue, profile, 20)
    assert found is not None
    assert told(found) == told(rank_by_scan(query, columns, catalogue, profile, 20))


def scored(view: View, profile: Weights) -> tuple[Rows, Values]:
    passing, _ = sift(view)
    seen = view.only(passing)
    return passing, score_of(seen, np.arange(seen.size), profile)


@pytest.mark.parametrize("seed", range(CASES // (2 * IN_A_CITY)))
def test_the_kernel_gives_the_same_people_in_the_same_order_as_the_scan(seed: int, kernel: Best) -> None:
    dice, sure = Random(3_000_000 + seed), 0
    columns = crowd(dice, dice.choice((1024, 4096, 9000)))
    for _ in range(IN_A_CITY):
        query, profile = crowd_query(dice, columns), crowd_weights(dice)
        sure += assert_same(kernel, query, columns, profile, dice.choice(LIMITS))
        assert_bounded(kernel, query, columns, profile, dice.choice((1, 20, 300)))
    assert sure


@pytest.mark.parametrize("seed", range(CASES // (2 * IN_A_CITY)))
def test_the_kernel_stays_exact_while_providers_come_go_and_move(seed: int, kernel: Best) -> None:
    dice, number = Random(4_000_000 + seed), 0
    columns = crowd(dice, dice.choice((1500, 5000, 9000)))
    for case in range(IN_A_CITY):
        for _ in range(dice.choice((1, 30, 700))):
            number += 1
            change(dice, columns, number)
        if case == IN_A_CITY // 2:
            columns.sort()
        query, profile = crowd_query(dice, columns), crowd_weights(dice)
        assert_same(kernel, query, columns, profile, dice.choice(LIMITS))
        assert_bounded(kernel, query, columns, profile, dice.choice((1, 20, 300)))


@pytest.fixture
def _unheard_of() -> Iterator[None]:
    """A criterion and a rule that came after the kernel was written."""
    CRITERIA["odd"] = Criterion(
        "odd", "单号优先", "编号的单双", "不会缺失", 0.5, lambda view, rows: (view.columns.whole[rows] % 2).astype(np.float64)
    )
    RULES["third"] = Rule("third", "逢三不派", lambda view: np.asarray(view.columns.whole % 3 != 0, dtype=np.bool_))
    try:
        yield
    finally:
        del CRITERIA["odd"], RULES["third"]


@pytest.mark.usefixtures("_unheard_of")
def test_what_the_kernel_has_never_heard_of_cannot_make_it_wrong(kernel: Best) -> None:
    dice = Random(8)
    columns, sure = crowd(dice, 9000), 0
    for _ in range(IN_A_CITY):
        profile = crowd_weights(dice)
        sure += assert_same(kernel, crowd_query(dice, columns), columns, profile, dice.choice(LIMITS))
    assert sure


def test_a_kernel_made_from_another_text_is_not_the_one_that_is_looked_for(kernel: Best, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place()
    monkeypatch.setattr("matcher.ranking.kernel.compiled.fingerprint", lambda: "another")
    assert place() != made


def test_where_the_kernel_is_not_sure_the_plan_goes_on_without_it(kernel: Best, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(*numbers: object) -> int:
        asked.append(1)
        return kernel(*numbers)

    dice = Random(9)
    columns = crowd(dice, 9000)
    columns.blocks_from = columns.size
    monkeypatch.setattr(ranker, "built", lambda: counted)
    for _ in range(IN_A_CITY):
        query, profile = crowd_query(dice, columns), crowd_weights(dice)
        scan = rank_by_scan(query, columns, CATALOGUE, profile, 3)
        assert told(ranker.rank(query, columns, CATALOGUE, profile, 3)) == told(scan)
    assert len(asked) == IN_A_CITY
