"""Slows down who guesses: failures are counted for the client and for what they try to open, in this process."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from models.errors import TooManyAttemptsError

WINDOW_MINUTES = 15


class Turnstile:
    def __init__(self, by_client: int, by_thing: int) -> None:
        self._by_client = RateLimitItemPerMinute(by_client, WINDOW_MINUTES)
        self._by_thing = RateLimitItemPerMinute(by_thing, WINDOW_MINUTES)
        self._failures = MovingWindowRateLimiter(MemoryStorage())

    def check(self, client: str, thing: str) -> None:
        """Raises TooManyAttemptsError once either has failed too often."""
        fine = self._failures.test(self._by_client, "client", client) and self._failures.test(self._by_thing, "thing", thing)
        if not fine:
            raise TooManyAttemptsError(f"尝试次数过多，请 {WINDOW_MINUTES} 分钟后再试")

    def failed(self, client: str, thing: str) -> None:
        self._failures.hit(self._by_client, "client", client)
        self._failures.hit(self._by_thing, "thing", thing)
