"""How many are asked at once, and when others are asked on."""

from hypothesis import given
from hypothesis import strategies as st

from bench.simulate.pace import CERTAINTY, MOST_AT_LAST, enough, fair_order, next_step, offers_now

DAY = 24 * 60.0
CHANCES = st.lists(st.floats(0.05, 0.95), min_size=1, max_size=30)


def test_with_time_to_spare_one_is_asked_and_then_the_next():
    count, gap = next_step([0.35] * 20, [], DAY, 4 * 60)
    assert count == 1
    assert 60 <= gap < 4 * 60


def test_at_the_last_moment_as_many_are_asked_as_the_certainty_takes():
    assert next_step([0.5] * 20, [], 1, 5)[0] == MOST_AT_LAST
    assert next_step([0.9] * 20, [], 1, 5)[0] == enough([0.9] * 20, CERTAINTY) == 2


def test_the_less_likely_a_yes_the_sooner_others_are_asked():
    assert next_step([0.2] * 20, [], DAY, 4 * 60)[1] < next_step([0.6] * 20, [], DAY, 4 * 60)[1]


def test_who_is_waited_for_makes_others_needless():
    assert next_step([0.5] * 20, [0.99] * 8, 60, 40)[0] == 0
    assert next_step([0.5] * 20, [0.1], 60, 40)[0] > 0


def test_nobody_left_is_nobody_asked():
    assert next_step([], [], 60, 40)[0] == 0


def test_offers_are_put_off_until_the_turns_left_no_longer_hold_them():
    assert [offers_now(9, turns) for turns in (1, 2, 3, 4)] == [6, 3, 1, 1]


@given(CHANCES, st.floats(0, 10_000), st.floats(1, 2_000))
def test_never_more_than_there_are_and_never_nobody_without_anybody_waited_for(chances, left, stands):
    count, gap = next_step(chances, [], left, stands)
    assert 1 <= count <= len(chances)
    assert 0 < gap <= stands


@given(CHANCES, st.floats(0.5, 0.999))
def test_those_who_are_enough_reach_the_certainty_and_one_fewer_does_not(chances, certainty):
    def sure(count: int) -> float:
        nobody = 1.0
        for chance in chances[:count]:
            nobody *= 1 - chance
        return 1 - nobody

    count = enough(chances, certainty)
    assert count == len(chances) or sure(count) >= certainty
    assert sure(count - 1) < certainty


def test_who_has_done_much_lately_is_asked_after_those_nearly_as_good():
    assert fair_order([2.0, 0.0, 0.0, 0.5, 0.0]) == [1, 2, 0, 3, 4]
    assert fair_order([3.0, 1.0, 0.0], places_an_order=0.0) == [0, 1, 2]
    assert fair_order([]) == []
