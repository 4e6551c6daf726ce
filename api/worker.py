"""One of several processes that serve at one port; started by `sandan serve --workers`. All it is told stands in its environment.

It says on standard output that it lives, every second, and once that it is ready.
"""

import asyncio
import ctypes
import signal
import sys
from contextlib import suppress

import typer
from aiohttp import web

from api.service import ServiceError, serve
from api.settings import Settings
from api.terminal import plainly, settings_of
from models.store.embedded import PR_SET_PDEATHSIG

ALIVE, READY = "alive", "ready"
BEAT_SECONDS = 1.0


async def run(settings: Settings, uri: str) -> None:
    async def announce(_: web.Application, address: str) -> bool:
        print(READY, address, flush=True)
        return True

    beating = asyncio.create_task(_beat(), name="heartbeat")
    try:
        await serve(settings, uri, announce)
    finally:
        beating.cancel()


async def _beat() -> None:
    """From the loop that answers the calls: when it hangs, so does this. A parent that is gone ends the process anyway."""
    with suppress(BrokenPipeError):
        while True:
            print(ALIVE, flush=True)
            await asyncio.sleep(BEAT_SECONDS)


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    try:
        with plainly():
            settings = settings_of()
            if settings.mongodb_uri is None or settings.worker is None:
                raise ServiceError("这是 sandan serve --workers 的工作进程，不单独启动")
            asyncio.run(run(settings, settings.mongodb_uri))
    except typer.Exit as end:
        sys.exit(end.exit_code)


if __name__ == "__main__":
    main()
