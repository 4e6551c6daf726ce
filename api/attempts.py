"""Slows down who guesses: failures within some minutes, counted in this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from models.errors import NotFoundError, TooManyAttemptsError, WrongCredentialsError


class Attempts:
    """What is being tried at this moment counts as failed until it is known: a hundred guesses at once get no further than
    one after the other."""

    def __init__(self, most: int, minutes: int) -> None:
        self._limit, self._minutes = RateLimitItemPerMinute(most, minutes), minutes
        self._failures = MovingWindowRateLimiter(MemoryStorage())
        self._trying: Counter[tuple[str, ...]] = Counter()

    @contextmanager
    def trying(self, *key: str) -> Iterator[None]:
        """Around one try, which has failed when nothing was found or the credentials were wrong. Raises TooManyAttemptsError."""
        if self._failures.get_window_stats(self._limit, *key).remaining <= self._trying[key]:
            raise TooManyAttemptsError(f"尝试次数过多，请 {self._minutes} 分钟后再试")
        self._trying[key] += 1
        try:
            yield
        except (NotFoundError, WrongCredentialsError):
            self._failures.hit(self._limit, *key)
            raise
        finally:
            self._trying[key] -= 1
            if not self._trying[key]:
                del self._trying[key]
