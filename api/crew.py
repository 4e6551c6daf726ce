"""Several workers at one port: started, watched, started again when they end, and ended together. They share nothing but MongoDB."""

import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import structlog

from api.backoff import USUAL_PACE, Backoff, Pace
from api.service import ServiceError, address_of, until_stopped
from api.settings import Settings
from api.worker import CREW, READY

log = structlog.get_logger("sandan.crew")
# A worker whose event loop says nothing for so long hangs.
SILENT_SECONDS = 30.0
# Long enough for the calls in hand and a snapshot of a province.
ENDING_SECONDS = 120.0
WORKER = (sys.executable, "-m", "api.worker")
# A worker that could not even be started.
NO_PROCESS = -1


class GivenUpError(ServiceError):
    """A worker ends again and again; the exit status says so to whatever started the service (EX_SOFTWARE)."""

    status = 70


class Crew:
    def __init__(
        self, settings: Settings, uri: str, count: int, *, command: Sequence[str] = WORKER, pace: Pace = USUAL_PACE
    ) -> None:
        self._settings, self._uri, self._count = settings, uri, count
        self._command, self._pace = command, pace
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._ready = [asyncio.Event() for _ in range(count)]
        self._ending = asyncio.Event()

    async def serve(self, then: Callable[[str], None]) -> None:
        """Calls `then` with the address when all are ready; returns when stopped. Raises ServiceError when one cannot start."""
        with held_port(self._settings.host, self._settings.port) as address:
            self._port = int(address.rpartition(":")[2])
            keeping = [asyncio.create_task(self._keep(number), name=f"worker-{number}") for number in range(self._count)]
            stopped, ready = asyncio.create_task(until_stopped()), asyncio.create_task(self._all_ready())
            try:
                if await _first_of(ready, stopped, *keeping) is ready:
                    then(address)
                    await _first_of(stopped, *keeping)
            finally:
                await self._end(keeping)
                for task in (ready, stopped):
                    task.cancel()

    async def _all_ready(self) -> None:
        for each in self._ready:
            await each.wait()

    async def _keep(self, number: int) -> None:
        backoff, was_ready = Backoff(self._pace), self._ready[number]
        while not self._ending.is_set():
            started = time.monotonic()
            status = await self._run(number)
            if self._ending.is_set():
                return
            pause = backoff.after(time.monotonic() - started, was_ready=was_ready.is_set())
            if pause is None:
                log.error("a worker is given up and the service ends", worker=number, status=status, ends=backoff.ends)
                what = "连续退出" if was_ready.is_set() else "没有启动成功"
                raise GivenUpError(f"第 {number + 1} 个工作进程 {backoff.ends} 次{what}（退出码 {status}），原因见上面的输出。")
            log.warning("a worker ended and is started again", worker=number, status=status, pause_seconds=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def _run(self, number: int) -> int:
        """One life of a worker; its exit status."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment(number), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            log.error("a worker could not be started", worker=number, error=str(error))
            return NO_PROCESS
        self._processes[number] = process
        if self._ending.is_set():
            process.terminate()
        try:
            await self._listen(number, process)
        except TimeoutError:
            log.error("a worker hangs and is killed", worker=number, seconds=SILENT_SECONDS)
            process.kill()
        return await process.wait()

    async def _listen(self, number: int, process: asyncio.subprocess.Process) -> None:
        """Until it has nothing more to say. Raises TimeoutError."""
        assert process.stdout is not None
        while line := await asyncio.wait_for(process.stdout.readline(), SILENT_SECONDS):
            if line.startswith(READY.encode()):
                self._ready[number].set()
                log.info("worker ready", worker=number, pid=process.pid)

    async def _end(self, keeping: list["asyncio.Task[None]"]) -> None:
        """All are asked to end, also those that are just being started, and have ended when this returns: the database may be closed
        then."""
        self._ending.set()
        for each in self._living():
            each.terminate()
        await asyncio.wait(keeping, timeout=ENDING_SECONDS)
        for each in self._living():
            log.error("a worker does not end and is killed", pid=each.pid)
            each.kill()
        await asyncio.gather(*keeping, return_exceptions=True)

    def _living(self) -> list[asyncio.subprocess.Process]:
        return [each for each in self._processes.values() if each.returncode is None]

    def _environment(self, number: int) -> dict[str, str]:
        settings = self._settings
        return os.environ | {
            "SANDAN_HOST": settings.host,
            "SANDAN_PORT": str(self._port),
            "SANDAN_MONGODB_URI": self._uri,
            "SANDAN_REGIONS": ",".join(settings.regions),
            "SANDAN_WORKER": str(number),
            "SANDAN_EMBEDDED": str(settings.is_embedded).lower(),
            CREW: str(os.getpid()),
            # A process for each core is enough.
            "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
        }


@contextmanager
def held_port(host: str, port: int) -> Iterator[str]:
    """The address, which stays ours: bound beside the workers' sockets and never listening. Raises ServiceError where others are."""
    family, _, _, _, name = _resolved(host, port)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            # As a server does that starts anew: what still waits in the kernel does not count, who listens does.
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(name)
            name = alone.getsockname()
        with socket.socket(family, socket.SOCK_STREAM) as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(name)
            yield address_of(name)
    except OSError as error:
        why = f"端口 {port} 已被占用。请停止占用它的程序，或用 --port / SANDAN_PORT 换一个端口。"
        other = f"无法在 {host}:{port} 上监听：{error.strerror or error}"
        raise ServiceError(why if error.errno == errno.EADDRINUSE else other) from error


def _resolved(host: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise ServiceError(f"不认识地址 {host}：{error.strerror}") from error
    return found[0]


async def _first_of(*tasks: "asyncio.Task[None]") -> "asyncio.Task[None]":
    """The first that ends; what it raised is raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    first = next(task for task in tasks if task in done)
    first.result()
    return first
