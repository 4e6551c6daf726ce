"""Slows down who guesses without signing in: failures count for the client and for what they try to open."""

from contextlib import AbstractContextManager

from api.attempts import Attempts

WINDOW_MINUTES = 15


class Turnstile:
    def __init__(self, by_client: int, by_thing: int) -> None:
        self._by_client, self._by_thing = Attempts(by_client, WINDOW_MINUTES), Attempts(by_thing, WINDOW_MINUTES)

    def client(self, client: str) -> AbstractContextManager[None]:
        """Around a try. Raises TooManyAttemptsError once this client has failed too often."""
        return self._by_client.trying(client)

    def thing(self, thing: str) -> AbstractContextManager[None]:
        """Inside of `client`. Raises TooManyAttemptsError once it was tried in vain too often, by whomever."""
        return self._by_thing.trying(thing)
