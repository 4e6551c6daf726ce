"""Who listens for what on this worker, and what rang last. No message is kept for anybody: an ear knows which of its keys have rung."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

MOST_RECENT = 500
# So far may the clocks of two machines be apart.
SKEW_SECONDS = 0.25


class Ear:
    """One connection's. `alive` says whether its reader is still there; it never holds more than the keys that it listens for."""

    def __init__(self, alive: Callable[[], bool]) -> None:
        self.alive = alive
        self.keys: frozenset[str] = frozenset()
        self._bell = asyncio.Event()
        self._heard: set[str] = set()

    def hear(self, keys: Iterable[str]) -> None:
        """With none it is only woken."""
        self._heard |= self.keys.intersection(keys)
        self._bell.set()

    def take(self) -> set[str]:
        """What rang since the last time."""
        self._bell.clear()
        heard, self._heard = self._heard, set()
        return heard

    async def rang(self, seconds: float) -> None:
        """Returns when something rings, at the latest after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            return


class Ears:
    def __init__(self) -> None:
        self._by_key: dict[str, set[Ear]] = {}

    def listening_for(self, key: str) -> int:
        """How many; a reader who is gone and has not been noticed does not count."""
        return sum(ear.alive() for ear in self._by_key.get(key, ()))

    def set(self, ear: Ear, keys: Iterable[str]) -> None:
        """It listens for these keys and no others; for none it is forgotten."""
        for key in ear.keys:
            self._by_key[key].discard(ear)
            if not self._by_key[key]:
                del self._by_key[key]
        ear.keys = frozenset(keys)
        for key in ear.keys:
            self._by_key.setdefault(key, set()).add(ear)

    def ring(self, keys: Iterable[str]) -> None:
        for key in keys:
            for ear in self._by_key.get(key, ()):
                ear.hear((key,))

    def ring_all(self) -> None:
        for ears in self._by_key.values():
            for ear in ears:
                ear.hear(ear.keys)


class Recent:
    """What rang last, for who begins to listen a moment after they were shown how things stand. `at` is in seconds since 1970."""

    def __init__(self, at: float) -> None:
        self._rung: deque[tuple[float, tuple[str, ...]]] = deque()
        self._whole_since = at

    def add(self, at: float, keys: tuple[str, ...]) -> None:
        if len(self._rung) == MOST_RECENT:
            self._whole_since = self._rung.popleft()[0]
        self._rung.append((at, keys))

    def forget(self, at: float) -> None:
        """Something may have been missed until now."""
        self._rung.clear()
        self._whole_since = at

    def since(self, at: float, keys: frozenset[str]) -> frozenset[str]:
        """Of these keys those that rang since then; all of them, where that is not known any more."""
        from_at = at - SKEW_SECONDS
        if from_at <= self._whole_since:
            return keys
        return keys.intersection(key for moment, rung in self._rung if moment >= from_at for key in rung)
