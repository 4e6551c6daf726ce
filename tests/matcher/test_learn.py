"""Weights learned from answers whose truth is known: who says yes is drawn from hidden weights, and who is asked is not chance."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit

from matcher.tuning.answered import Answered
from matcher.tuning.evidence import held_out, intervals
from matcher.tuning.learn import KEPT_SHARE, Limits, fit
from matcher.tuning.likelihood import exposure_weights

Values = NDArray[np.float64]
SKILL, NEAR, SPARE, FREE, LIKED = range(5)
PRESENT = np.asarray([0.5, 0.2, 0.1, 0.1, 0.1])
HIDDEN = np.asarray([0.45, 0.05, 0.05, 0.15, 0.3])
ANYTHING = Limits(np.ones(5, dtype=np.bool_))
ABLE_FIRST = Limits(np.ones(5, dtype=np.bool_), SKILL)


class City:
    """Draws needs with thirty candidates each, and asks some of them."""

    def __init__(self, seed: int, hidden: Values = HIDDEN, scale: float = 6.0) -> None:
        self.dice = np.random.default_rng(seed)
        self.hidden, self.scale = hidden, scale
        self.rows: list[tuple[Values, float, int, int, int, float, int]] = []
        self.shown: list[tuple[Values, float]] = []
        self.moments = 0

    def candidates(self) -> Values:
        return self.dice.random((30, len(self.hidden)))

    def answer(self, values: Values, mood: float = 0.0) -> float:
        chance = expit(self.scale * (values @ self.hidden - 0.5) + mood)
        return float(self.dice.random() < chance)

    def add(self, need: int, values: Values, said: float, attempt: int, place: int, urgency: float = 2.0) -> None:
        self.rows.append((values, said, need, self.moments, attempt, urgency, place))

    def one_after_the_other(self, needs: int, ranked_by: Values, at_most: int = 5, mood: float = 0.0) -> "City":
        """Down the ranking, sometimes somebody further below, until the first yes."""
        for need in range(needs):
            people = self.candidates()
            order = list(np.argsort(-(people @ ranked_by)))
            welcome, urgency = mood * self.dice.standard_normal(), float(self.dice.integers(1, 5))
            asked: list[int] = []
            for attempt in range(1, at_most + 1):
                left = [row for row in order if row not in asked]
                row = left[0] if self.dice.random() < 0.8 else left[int(self.dice.integers(0, 25))]
                asked.append(row)
                self.moments += 1
                said = self.answer(people[row], welcome)
                self.add(need, people[row], said, attempt, order.index(row) + 1, urgency)
                if said:
                    break
            taken = {row for row in asked[-1:] if said}
            self.shown.extend((people[row], float(row in taken)) for row in range(len(people)))
        return self

    def at_once(self, needs: int, ranked_by: Values, asked: int = 4) -> "City":
        """The best few together. Needs where everybody lives near are unwelcome ones: what tells of a need tells nothing of people."""
        for need in range(needs):
            people = self.candidates()
            people[:, NEAR] = np.clip(0.3 * people[:, NEAR] + 0.7 * self.dice.random(), 0, 1)
            welcome = -6.0 * (people[:, NEAR].mean() - 0.5)
            self.moments += 1
            for place, row in enumerate(np.argsort(-(people @ ranked_by))[:asked], 1):
                self.add(need, people[row], self.answer(people[row], welcome), 1, place)
        return self

    @property
    def answered(self) -> Answered:
        values, said, need, together, attempt, urgency, place = zip(*self.rows, strict=True)
        whole = [np.asarray(each, dtype=np.intp) for each in (need, together, place)]
        return Answered(
            np.asarray(values),
            np.asarray(said),
            whole[0],
            whole[1],
            np.asarray(attempt, dtype=float),
            np.asarray(urgency),
            whole[2],
        )


def inside(truth: Values, low: Values, high: Values) -> bool:
    return bool(np.all((low - 0.005 <= truth) & (truth <= high + 0.005)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hidden_weights_are_found_within_their_intervals(seed: int) -> None:
    answered = City(seed).one_after_the_other(1500, PRESENT).answered
    best = fit(answered, PRESENT, ANYTHING)
    low, high = intervals(answered, PRESENT, ANYTHING, best, replicates=80)
    assert inside(HIDDEN, low, high)
    assert np.abs(best.weights - HIDDEN).max() < 0.08
    assert best.weights.sum() == pytest.approx(1)
    assert (best.weights >= 0).all()
    assert not inside(PRESENT, low, high), "the present weights are not what people answer to"


def test_more_answers_tell_more() -> None:
    few, many = (City(4).one_after_the_other(needs, PRESENT).answered for needs in (100, 2000))
    widths = []
    for answered in (few, many):
        low, high = intervals(answered, PRESENT, ANYTHING, fit(answered, PRESENT, ANYTHING), replicates=40)
        widths.append((high - low).mean())
    assert widths[1] < 0.6 * widths[0]


def test_answers_that_tell_nothing_leave_the_present_weights() -> None:
    city = City(5, scale=0.0).one_after_the_other(600, PRESENT)
    found = fit(city.answered, PRESENT, ANYTHING)
    assert np.abs(found.weights - PRESENT).max() < 0.1
    low, high = intervals(city.answered, PRESENT, ANYTHING, found, replicates=60)
    assert (high - low).min() > 0.1, "and say that they tell nothing"


def test_a_criterion_that_was_the_same_for_all_who_were_asked_stays_as_sure_as_it_was_not() -> None:
    city = City(6).one_after_the_other(800, PRESENT)
    answered = city.answered
    same = answered.values.copy()
    same[:, LIKED] = 0.75
    blind = replace(answered, values=same)
    low, high = intervals(blind, PRESENT, ANYTHING, fit(blind, PRESENT, ANYTHING), replicates=60)
    known_low, known_high = intervals(answered, PRESENT, ANYTHING, fit(answered, PRESENT, ANYTHING), replicates=60)
    assert (high - low)[LIKED] > 1.5 * (known_high - known_low)[LIKED]


def naive_weights(city: City) -> Values:
    """What is wrong with counting: everybody shown who did not take the need on counts as a no, whether they were asked or not."""
    values, said = (np.asarray(each) for each in zip(*city.shown, strict=True))
    everyone = np.arange(len(said))
    nobody = np.zeros(len(said), dtype=np.intp)
    flat = Answered(values, said, everyone, everyone, np.ones(len(said)), np.full(len(said), 2.0), nobody)
    return fit(flat, PRESENT, ANYTHING).weights


def test_a_city_that_always_asked_the_nearest_does_not_learn_that_nearness_is_what_counts() -> None:
    nearest = np.asarray([0.1, 0.6, 0.1, 0.1, 0.1])
    city = City(8, hidden=np.asarray([0.6, 0.0, 0.1, 0.1, 0.2])).one_after_the_other(1500, nearest)
    assert np.argmax(naive_weights(city)) == NEAR, "counting would say so"
    learned = fit(city.answered, PRESENT, ANYTHING).weights
    assert np.argmax(learned) == SKILL
    assert learned[NEAR] < 0.08
    assert naive_weights(city)[NEAR] > 0.35


def test_a_yes_below_two_noes_does_not_speak_against_what_ranked_the_noes_above() -> None:
    """Down a ranking the yes always stands lowest: compared in pairs, the truth would be turned round."""
    city = City(9, hidden=PRESENT, scale=5.0).one_after_the_other(1500, PRESENT)
    as_if_at_once = replace(city.answered, together=city.answered.need)
    paired = fit(as_if_at_once, PRESENT, ANYTHING)
    learned = fit(city.answered, PRESENT, ANYTHING)
    assert np.abs(learned.weights - PRESENT).max() < 0.08
    assert learned.scale == pytest.approx(5.0, rel=0.25)
    assert paired.scale < 0.7 * learned.scale


def test_needs_that_are_unwelcome_say_nothing_of_those_who_were_asked_at_once() -> None:
    hidden = np.asarray([0.4, 0.3, 0.1, 0.1, 0.1])
    answered = City(10, hidden=hidden).at_once(1500, PRESENT).answered
    each_alone = replace(answered, together=np.arange(len(answered.success), dtype=np.intp))
    assert fit(each_alone, PRESENT, ANYTHING).weights[NEAR] < 0.1, "one by one, nearness seems worth nothing"
    best = fit(answered, PRESENT, ANYTHING)
    low, high = intervals(answered, PRESENT, ANYTHING, best, replicates=60)
    assert inside(hidden, low, high)


def test_where_everybody_lives_far_the_distance_is_not_what_people_say_no_to() -> None:
    """One offer a need: remote needs are welcome ones here, so that alone nearness would seem to repel."""
    hidden = np.asarray([0.4, 0.3, 0.1, 0.1, 0.1])
    city, means = City(19, hidden=hidden), []
    for need in range(2500):
        people = city.candidates()
        people[:, NEAR] = np.clip(0.5 * people[:, NEAR] + 0.5 * city.dice.random(), 0, 1)
        row = int(city.dice.integers(0, 30))
        city.moments += 1
        city.add(need, people[row], city.answer(people[row], -6.0 * (people[:, NEAR].mean() - 0.5)), 1, row + 1)
        means.append(people.mean(axis=0))
    apart = city.answered
    known = replace(apart, around=np.asarray(means))
    assert fit(apart, PRESENT, ANYTHING).weights[NEAR] < 0.15
    assert fit(known, PRESENT, ANYTHING).weights[NEAR] == pytest.approx(0.3, abs=0.1)


def test_skill_keeps_its_place_whatever_the_answers_say() -> None:
    likes_near = np.asarray([0.0, 0.9, 0.0, 0.0, 0.1])
    answered = City(11, hidden=likes_near).one_after_the_other(1500, PRESENT).answered
    assert np.argmax(fit(answered, PRESENT, ANYTHING).weights) == NEAR
    held = fit(answered, PRESENT, ABLE_FIRST).weights
    assert held[SKILL] >= KEPT_SHARE * PRESENT[SKILL] - 1e-6
    assert held[SKILL] > np.delete(held, SKILL).max()
    assert held[NEAR] > PRESENT[NEAR]


def test_what_is_switched_off_and_not_free_stays_off() -> None:
    present = np.asarray([0.6, 0.4, 0.0, 0.0, 0.0])
    answered = City(12).one_after_the_other(1200, present).answered
    free = Limits(np.asarray([True, True, True, True, False]), SKILL)
    found = fit(answered, present, free).weights
    assert found[LIKED] == 0
    assert found[FREE] > 0.05


def test_half_a_success_lies_between_none_and_a_whole_one() -> None:
    answered = City(13).one_after_the_other(800, PRESENT).answered
    liked = (answered.success == 1) & (answered.values[:, LIKED] < 0.4)
    partly = replace(answered, success=np.where(liked, 0.5, answered.success))
    none = replace(answered, success=np.where(liked, 0.0, answered.success))
    weights = [fit(each, PRESENT, ANYTHING).weights[LIKED] for each in (answered, partly, none)]
    assert weights == sorted(weights)
    assert weights[0] < weights[2]


def test_held_out_needs_prefer_the_hidden_weights_and_do_not_prefer_noise() -> None:
    told = held_out(City(14).one_after_the_other(2500, PRESENT).answered, PRESENT, ANYTHING)
    assert told.better
    assert told.proposed < told.present
    noise = held_out(City(15, hidden=PRESENT).one_after_the_other(800, PRESENT).answered, PRESENT, ANYTHING)
    assert not noise.better


def test_what_is_learned_reaches_what_the_hidden_weights_reach() -> None:
    """The first of thirty by the learned weights says yes nearly as often as the first by the hidden ones."""
    nearest = np.asarray([0.1, 0.6, 0.1, 0.1, 0.1])
    learned = fit(City(16).one_after_the_other(700, nearest).answered, nearest, ANYTHING).weights
    test = City(17)
    reached: dict[str, list[float]] = {"hidden": [], "learned": [], "nearest": []}
    for _ in range(2000):
        people = test.candidates()
        for name, by in (("hidden", HIDDEN), ("learned", learned), ("nearest", nearest)):
            first = people[np.argmax(people @ by)]
            reached[name].append(float(expit(test.scale * (first @ HIDDEN - 0.5))))
    hidden, found, before = (float(np.mean(reached[name])) for name in ("hidden", "learned", "nearest"))
    assert found >= 0.95 * hidden
    assert found > before


def test_places_that_are_seldom_offered_count_for_more_but_not_without_end() -> None:
    place = np.asarray([1] * 800 + [2] * 150 + [8] * 40 + [50] * 10)
    weight = exposure_weights(place)
    assert weight.mean() == pytest.approx(1)
    assert weight[0] < weight[800] < weight[950] <= weight[-1]
    assert weight[-1] / weight[0] == pytest.approx(10.0)


def test_the_same_answers_give_the_same_weights() -> None:
    answered = City(18).one_after_the_other(200, PRESENT).answered
    best = fit(answered, PRESENT, ABLE_FIRST)
    assert fit(answered, PRESENT, ABLE_FIRST).weights.tolist() == best.weights.tolist()
    first, second = (intervals(answered, PRESENT, ABLE_FIRST, best, replicates=10) for _ in range(2))
    assert [each.tolist() for each in first] == [each.tolist() for each in second]
    told: Sequence[float] = [held_out(answered, PRESENT, ABLE_FIRST).gain for _ in range(2)]
    assert told[0] == told[1]
