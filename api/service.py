"""Running the service: the embedded server if none is named, the application, and a clean end of both."""

import asyncio
import errno
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import structlog
from aiohttp import web

from api.app import make_app
from api.assembly import make_understander
from api.settings import Settings
from models.store import UNAVAILABLE
from models.store.embedded import EmbeddedServer

log = structlog.get_logger("sandan")


class ServiceError(Exception):
    """The service cannot run; the message says what to do about it. `status` is what the command exits with."""

    status = 1


@contextmanager
def mongodb(settings: Settings, *, share: bool = False) -> Iterator[str]:
    """The URI of the database: the one in the settings, or that of our own mongod for as long as the block runs.

    `share` makes use of the mongod of a service that is running on the same data directory.
    """
    if settings.mongodb_uri is not None:
        yield settings.mongodb_uri
        return
    server = EmbeddedServer(settings.data_dir / "mongodb")
    if share and (running_uri := server.attach()) is not None:
        yield running_uri
        return
    uri = server.start()
    log.warning(
        "embedded MongoDB 6.0 is for demo and tests; production sets SANDAN_MONGODB_URI to MongoDB 7 or 8",
        data=str(settings.data_dir),
    )
    try:
        yield uri
    finally:
        server.stop()


@asynccontextmanager
async def running(settings: Settings, uri: str) -> AsyncIterator[tuple[web.Application, str]]:
    """The application, listening, and its address. Raises ServiceError when the port is taken or the database does not answer."""
    app = make_app(settings, uri, lambda catalogue: make_understander(catalogue, settings.data_dir))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=10)
    try:
        try:
            await runner.setup()
        except UNAVAILABLE as error:
            raise ServiceError(f"连不上 MongoDB（{settings.mongodb_uri or '内置'}）：{str(error)[:200]}") from error
        try:
            shared = True if settings.worker is not None else None
            await web.TCPSite(runner, settings.host, settings.port, backlog=1024, reuse_port=shared).start()
        except OSError as error:
            raise ServiceError(_why_not_listening(error, settings)) from error
        # What is here now stays: to look through it for garbage again and again would hold up every call.
        gc.collect()
        gc.freeze()
        yield app, address_of(runner.addresses[0])
    finally:
        await runner.cleanup()


def address_of(listening: Sequence[object]) -> str:
    """The URL of a socket's name: the port is the real one where 0 was asked for."""
    host = f"[{listening[0]}]" if ":" in str(listening[0]) else str(listening[0])
    return f"http://{host}:{listening[1]}"


def _why_not_listening(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {settings.port} 已被占用。请停止占用它的程序，或用 --port / SANDAN_PORT 换一个端口。"
    return f"无法在 {settings.host}:{settings.port} 上监听：{error.strerror or error}"


async def until_stopped() -> None:
    """Returns on Ctrl-C or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stopped.set)
    try:
        await stopped.wait()
    finally:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)


async def serve(settings: Settings, uri: str, then: Callable[[web.Application, str], Awaitable[bool]]) -> None:
    """Listen, do `then`, and go on serving until stopped if it says so."""
    async with running(settings, uri) as (app, address):
        if await then(app, address):
            await until_stopped()
