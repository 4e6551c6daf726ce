"""One of several processes that serve at one port; started by `sandan serve --workers`. All it is told stands in its environment.

It says on standard output that it lives, every second, and once that it is ready.
"""

import asyncio
import os
import sys
from contextlib import suppress

import typer
from aiohttp import web

from api.orphan import end_with_parent
from api.service import ServiceError, serve
from api.settings import Settings
from api.terminal import plainly, settings_of

ALIVE, READY = "alive", "ready"
# In the environment: the process that started this one.
CREW = "SANDAN_CREW"
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
    """From the loop that answers the calls: when it hangs, so does this. For a parent that is gone see orphan.py."""
    with suppress(BrokenPipeError):
        while True:
            print(ALIVE, flush=True)
            await asyncio.sleep(BEAT_SECONDS)


def main() -> None:
    try:
        with plainly():
            settings, crew = settings_of(), os.environ.get(CREW, "")
            if settings.mongodb_uri is None or settings.worker is None or not crew.isdecimal():
                raise ServiceError("这是 sandan serve --workers 的工作进程，不单独启动")
            end_with_parent(int(crew))
            asyncio.run(run(settings, settings.mongodb_uri))
    except typer.Exit as end:
        sys.exit(end.exit_code)


if __name__ == "__main__":
    main()
