"""近期负担: how much somebody has taken on of late, as a number that changes by work and never by time passing.

Each order counts half as much after every two weeks (exponential decay). What is kept is the sum of 2 ** ((t - EPOCH) / HALF_LIFE) over
the moments t of acceptance; the load at any moment is that sum times 2 ** -((moment - EPOCH) / HALF_LIFE). A float64 holds such sums
for 39 years from the epoch; after that a sum is infinite, which reads as busy.
"""

from datetime import UTC, datetime, timedelta
from math import exp2, inf, log2

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=14)
LARGEST_EXPONENT = 1023.0


def half_lives(at: datetime) -> float:
    """Half-lives between the epoch and this moment; negative before it."""
    return (at - EPOCH) / HALF_LIFE


def work_at(at: datetime) -> float:
    """What one order accepted at this moment adds to the sum."""
    return exp2(min(half_lives(at), LARGEST_EXPONENT))


def work_exponent(recent_work: float) -> float:
    """The sum as a power of two: small numbers for columns, and no overflow in what is reckoned with them."""
    return log2(recent_work) if recent_work > 0 else -inf
