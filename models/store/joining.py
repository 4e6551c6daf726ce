"""One transaction around all that a task does with a store: whoever is inside reads and writes through it without knowing."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(slots=True)
class Joined(Generic[U]):
    """`owner` tells stores apart. A transaction has no inner ones: once a step inside has failed, only all of it can be undone."""

    owner: object
    unit: U
    open: bool = True
    failed: bool = False

    async def run(self, work: Callable[[U], Awaitable[T]]) -> T:
        self.require_whole()
        try:
            return await work(self.unit)
        except BaseException:
            self.failed = True
            raise

    def require_whole(self) -> None:
        if self.failed:
            raise RuntimeError("a step failed and the call went on: its route must be declared with one_transaction=False")


_present: ContextVar[Joined[object] | None] = ContextVar("joined_transaction", default=None)


def joined_to(owner: object) -> Joined[object] | None:
    """The transaction of `owner` that the present task is inside of; tasks that outlive it are not."""
    joined = _present.get()
    return joined if joined is not None and joined.owner is owner and joined.open else None


@contextmanager
def joining(joined: Joined[object]) -> Iterator[None]:
    token = _present.set(joined)
    try:
        yield
        joined.require_whole()
    finally:
        joined.open = False
        _present.reset(token)
