"""Slows down who guesses without signing in: failures count for the client and for what they try to open."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.attempts import Attempts

WINDOW_MINUTES = 15


class Turnstile:
    def __init__(self, by_client: int, by_thing: int) -> None:
        self._by_client, self._by_thing = Attempts(by_client, WINDOW_MINUTES), Attempts(by_thing, WINDOW_MINUTES)

    @contextmanager
    def passing(self, client: str, thing: str) -> Iterator[None]:
        """Raises TooManyAttemptsError once either has failed too often."""
        with self._by_client.trying(client), self._by_thing.trying(thing):
            yield
