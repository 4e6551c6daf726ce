"""派几个、隔多久: how many to ask now and when to ask on, so that somebody says yes in time and few are asked in vain. Pure.

Offers stand for their usual time, and others are asked while they stand: a late yes is not lost, and silence holds nobody up (phased
alerts, as first responders are called: van den Berg et al. 2024, medRxiv 2024.01.17.24301457).
"""

from collections.abc import Sequence
from math import prod

from matcher.dispatch.choosing import PLACES_AN_ORDER

# How sure it should be that somebody accepts before the deadline.
CERTAINTY = 0.98
# So many are asked at one moment at most, while there is another moment to come; and in the last one.
MOST_AT_ONCE, MOST_AT_LAST = 3, 6
# Others are asked at the soonest after this part of the time that an offer stands; and whoever is asked last has this part to answer.
SHORTEST_PART = 0.25
# Who has let some time pass without a word is so much less likely to accept.
WAITING_PART = 0.5


def next_step(
    chances: Sequence[float], waiting: Sequence[float], left: float, stands: float, certainty: float = CERTAINTY
) -> tuple[int, float]:
    """How many of the next in the ranking to ask now, and in how many minutes to ask on unless somebody has accepted; sooner when
    somebody declines. Nobody is asked where nobody is left, or where those who are still `waiting` to answer suffice.

    `chances` are those of a yes, in the ranking's order, of who was not asked yet, `waiting` of who was asked and has not answered;
    `left` the minutes before the deadline; an offer `stands` for so many. One yes makes all later offers needless, so they are
    spread over the time and crowd only at its end.
    """
    nobody = prod(1.0 - WAITING_PART * chance for chance in waiting)
    wanted = enough(chances, certainty, nobody)
    spread = max(0.0, left - SHORTEST_PART * stands)
    gap = min(max(spread / max(wanted, 1), SHORTEST_PART * stands), stands)
    return offers_now(wanted, 1 + int(spread / gap)), gap


def offers_now(wanted: int, turns: int) -> int:
    """How many of those wanted in all to ask in the first of so many turns: as few as the later turns can make up for."""
    if turns <= 1:
        return min(wanted, MOST_AT_LAST)
    later = MOST_AT_ONCE * (turns - 2) + MOST_AT_LAST
    return min(max(1, wanted - later), MOST_AT_ONCE, wanted)


def enough(chances: Sequence[float], certainty: float, nobody: float = 1.0) -> int:
    """How many must be asked in all for one yes with this certainty, where `nobody` is the chance that without them there is none;
    all of them where they do not reach it."""
    for count, chance in enumerate(chances):
        if 1.0 - nobody >= certainty:
            return count
        nobody *= 1.0 - chance
    return len(chances)


def fair_order(recent: Sequence[float], places_an_order: float = PLACES_AN_ORDER) -> list[int]:
    """The places of a ranking, from 0, in the order in which to ask: each put back by so many places for each recent order.

    `recent` goes down the ranking; decayed counts do. What it costs in offers and brings in shared work: `make simulate`.
    """
    return sorted(range(len(recent)), key=lambda place: (place + places_an_order * recent[place], place))
