"""Several workers on one database, each a process of its own that can be killed and started again at its address."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.processes import environment, free_port, until

ROOT = Path(__file__).parents[2]


@dataclass
class Worker:
    order: dict[str, object]
    pid: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.order['port']}"

    def is_there(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """As by the kernel when memory runs out: nothing is closed, nothing is said."""
        os.kill(self.pid, signal.SIGKILL)
        until(lambda: not self.is_there(), "a killed worker is gone")


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process, self._folder = process, folder

    def new(self, uri: str, database: str, *, careless: bool = False) -> Worker:
        port = free_port()
        order: dict[str, object] = {"uri": uri, "database": database, "port": port, "careless": careless}
        return Worker(order | {"log": str(self._folder / f"worker-{port}.log")})

    def start(self, worker: Worker) -> None:
        """Returns before the worker answers."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(worker.order) + "\n")
        self._process.stdin.flush()
        worker.pid = int(self._said())

    async def raise_up(self, *workers: Worker, seconds: float = 60) -> None:
        """Start those that are not there, again if they end by themselves, until all are ready."""
        async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
            for worker in workers:
                while not await is_ready(session, worker):
                    if not worker.pid or not worker.is_there():
                        self.start(worker)
                    await asyncio.sleep(0.05)

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("worker-*.log")))


async def is_ready(session: aiohttp.ClientSession, worker: Worker) -> bool:
    try:
        async with session.get(f"{worker.address}/readyz") as response:
            return response.status == 200
    except (aiohttp.ClientError, OSError):
        return False


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.nursery"],
        cwd=ROOT,
        env=environment(folder, {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    made = Nursery(process, folder)
    try:
        assert made._said() == "ready"
        yield made
    finally:
        process.kill()
        process.communicate()
