"""近期负担: a sum that changes by work only."""

from datetime import timedelta
from math import inf, isinf

import pytest

from models.workload import EPOCH, HALF_LIFE, half_lives, work_at, work_exponent
from tests.make import AT


def recent(work: float, days: float) -> float:
    """What is left of it so many days after AT."""
    return float(2 ** (work_exponent(work) - half_lives(AT + timedelta(days=days))))


def test_an_order_counts_one_when_it_is_accepted_and_half_a_fortnight_later() -> None:
    assert recent(work_at(AT), 0) == pytest.approx(1)
    assert recent(work_at(AT), 14) == pytest.approx(0.5)
    assert recent(work_at(AT), 140) == pytest.approx(2**-10)


def test_orders_add_up_whatever_their_order() -> None:
    moments = [AT - timedelta(days=days) for days in (0, 7, 14, 28)]
    forwards, backwards = sum(map(work_at, moments)), sum(map(work_at, reversed(moments)))
    assert forwards == pytest.approx(backwards)
    assert recent(forwards, 0) == pytest.approx(1 + 2**-0.5 + 0.5 + 0.25)


def test_no_work_is_no_load_at_any_time() -> None:
    assert work_exponent(0.0) == -inf
    assert recent(0.0, 1000) == 0.0


def test_the_sum_lasts_for_decades_and_never_raises() -> None:
    assert not isinf(1000 * work_at(EPOCH + 36 * timedelta(days=365)))
    assert work_at(EPOCH + 5000 * HALF_LIFE) > 0
    assert work_at(EPOCH - 2000 * HALF_LIFE) == 0.0
