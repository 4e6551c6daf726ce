"""The hidden behaviour. Fixed from published figures and stated assumptions before any policy was run; no policy reads it.

Published. Volunteer responders answered 17 to 47 of 100 alerts in recent studies (Khalemsky et al. 2023, JMIR mHealth uHealth 11:
e41551): `rate` is the mean chance of a yes of a rested, randomly chosen eligible provider, by default the middle, 0.32. Who answered
before answers again (same study: their earlier answers help to predict it): personal willingness, normal with deviation one
in the logit. About one volunteer in three is gone within a year (AmeriCorps: 65 % stay): the weekly hazard of leaving at ordinary use.
Assumed, since nothing published fits: the slopes below, how fast people answer, and how overuse speeds leaving.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtri

from bench.simulate.city import City, SimNeed
from bench.simulate.clock import DAY, HOUR, WEEK
from bench.simulate.dice import Purpose, uniform
from matcher.ranking.columns import Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import sift
from matcher.ranking.query import View

USUAL_RATE = 0.32
WILLINGNESS_DEVIATION = 1.0
# In the logit of a yes.
PER_KM, PER_SKILL, PER_FIT = -0.25, 0.8, 0.8
AT_NIGHT, AT_WORK, IN_THE_EVENING, AT_WEEKENDS = -1.5, -0.4, 0.2, 0.2
WEEKEND_DEVIATION = 0.3
PER_RECENT_ORDER, PER_RECENT_CALL = -0.3, -0.15
TIRED_HALF_LIFE = WEEK
# Half of those who do not come say so; the others stay silent.
SAYS_NO = 0.5
ANSWER_MEDIAN = {4: 1.5, 3: 10.0, 2: 40.0, 1: 60.0}
ANSWER_DEVIATION = 1.0
SERVICE_MEDIAN = DAY
WEEKLY_LEAVING = float(-np.log(0.65) / 52)
ORDINARY_CALLS, PER_CALL_MORE = 2.0, 0.15
ORDINARY_REFUSALS, PER_REFUSAL_MORE = 4.0, 0.1
MOST_LEAVING = 0.5
SAMPLE = 400


@dataclass(slots=True)
class Tiredness:
    """What lately weighs on each provider, halved each week; and what the weekly hazard looks at."""

    orders: Values
    calls: Values
    since: Values
    calls_this_week: Values
    refusals_in_a_row: Values

    @classmethod
    def rested(cls, size: int) -> "Tiredness":
        return cls(*(np.zeros(size) for _ in range(5)))

    def faded(self, rows: Rows, minute: float) -> Values:
        return np.asarray(np.exp2(-(minute - self.since[rows]) / TIRED_HALF_LIFE))

    def add(self, row: int, minute: float, *, calls: float = 0.0, orders: float = 0.0) -> None:
        fade = float(self.faded(np.asarray([row]), minute)[0])
        self.calls[row] = self.calls[row] * fade + calls
        self.orders[row] = self.orders[row] * fade + orders
        self.since[row] = minute
        self.calls_this_week[row] += calls


class Behaviour:
    def __init__(self, city: City, rate: float = USUAL_RATE) -> None:
        self._seed = city.seed
        dice = np.random.default_rng((city.seed, 2))
        size = len(city.providers)
        self._willing = dice.normal(0, WILLINGNESS_DEVIATION, size)
        self._weekend = dice.normal(AT_WEEKENDS, WEEKEND_DEVIATION, size)
        self._level = 0.0
        self._level = self._calibrated(city, rate)

    def chance(self, view: View, rows: Rows, minute: float, tired: Tiredness) -> Values:
        return np.asarray(expit(self._logit(view, rows, minute, tired)))

    def _logit(self, view: View, rows: Rows, minute: float, tired: Tiredness) -> Values:
        fit = CRITERIA["availability"].measure(view, rows) - 0.5
        load = PER_RECENT_ORDER * tired.orders[rows] + PER_RECENT_CALL * tired.calls[rows]
        return np.asarray(
            self._level
            + self._willing[rows]
            + PER_KM * view.distance_km()[rows]
            + PER_SKILL * view.skill()[rows]
            + PER_FIT * fit
            + self._hour(rows, minute)
            + load * tired.faded(rows, minute)
        )

    def _hour(self, rows: Rows, minute: float) -> Values:
        of_day, weekday = minute % DAY, int(minute // DAY) % 7
        weekend = self._weekend[rows] if weekday >= 5 else np.zeros(len(rows))
        if of_day < 7 * HOUR or of_day >= 22 * HOUR:
            return weekend + AT_NIGHT
        if weekday < 5 and 9 * HOUR <= of_day < 17 * HOUR:
            return weekend + AT_WORK
        return weekend + (IN_THE_EVENING if of_day >= 17 * HOUR else 0.0)

    def _calibrated(self, city: City, rate: float) -> float:
        """The level at which the rested and randomly chosen accept so often."""
        columns, rested = city.columns(), Tiredness.rested(len(city.providers))
        logits = []
        for need in city.needs[:: max(1, len(city.needs) // SAMPLE)]:
            view = View(need.query, columns, city.catalogue)
            logits.append(self._logit(view, sift(view)[0], need.arrives, rested))
        by_need = [each for each in logits if len(each)]
        return float(brentq(lambda level: np.mean([expit(each + level).mean() for each in by_need]) - rate, -10, 10))

    def answers(self, need: SimNeed, rows: Rows, chance: Values) -> list[tuple[bool, float]]:
        """For each asked: whether they say yes, and after how many minutes they answer; infinite for silence."""
        yes = uniform(self._seed, need.number, rows, Purpose.YES) < chance
        told = yes | (uniform(self._seed, need.number, rows, Purpose.SAYS_NO) < SAYS_NO)
        delay = _lognormal(ANSWER_MEDIAN[need.urgency], uniform(self._seed, need.number, rows, Purpose.DELAY))
        return list(zip(yes.tolist(), np.where(told, delay, np.inf).tolist(), strict=True))

    def service_minutes(self, need: SimNeed) -> float:
        return float(_lognormal(SERVICE_MEDIAN, uniform(self._seed, need.number, np.zeros(1, dtype=np.intp), Purpose.LENGTH))[0])

    def leavers(self, week: int, tired: Tiredness) -> Rows:
        """Who gives up at the end of this week."""
        more = PER_CALL_MORE * np.maximum(0, tired.calls_this_week - ORDINARY_CALLS)
        more += PER_REFUSAL_MORE * np.maximum(0, tired.refusals_in_a_row - ORDINARY_REFUSALS)
        hazard = np.minimum(MOST_LEAVING, WEEKLY_LEAVING * np.exp(more))
        rows = np.arange(len(hazard))
        return np.flatnonzero(uniform(self._seed, week, rows, Purpose.LEAVES) < hazard)


def _lognormal(median: float, uniforms: Values) -> Values:
    return np.asarray(median * np.exp(ANSWER_DEVIATION * ndtri(uniforms)))
