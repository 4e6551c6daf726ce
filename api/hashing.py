"""argon2 behind a gate: a hash takes ~0.1 s of both cores and 64 MiB, and everybody may ask for one by trying to sign in.

Two are reckoned at a time, in threads of their own and below the others' priority, so that a flood of them takes from nobody what
pages and the driver need. A few more wait; who comes after them is told at once to come again. Of the places half at most are one
address's: a flood from there leaves the door open for others.
"""

import asyncio
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import SignInBusyError

T = TypeVar("T")
AT_ONCE = 2
# With those at work: the last of them waits for about two seconds.
MOST_INSIDE = 32
NICENESS = 10


class Hashing:
    def __init__(self, most_inside: int = MOST_INSIDE) -> None:
        self._hasher = PasswordHasher()
        self._executor = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2", initializer=_step_back)
        self._most = most_inside
        self._inside: Counter[str] = Counter()

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def admitted(self, client: str) -> Iterator[None]:
        """Around everything that ends in a hash for this address. Raises SignInBusyError, before anything was done."""
        if self._inside.total() >= self._most or self._inside[client] >= self._most // 2:
            raise SignInBusyError("正在登录的人太多，请过几秒再试")
        self._inside[client] += 1
        try:
            yield
        finally:
            self._inside[client] -= 1
            if not self._inside[client]:
                del self._inside[client]

    async def hashed(self, password: str) -> str:
        return await self._reckoned(lambda: self._hasher.hash(password))

    async def matches(self, hashed: str, password: str) -> bool:
        return await self._reckoned(lambda: self._check(hashed, password))

    def _check(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _reckoned(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _step_back() -> None:
    """This thread and those that argon2 starts from it; only Linux knows a thread's own priority."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
