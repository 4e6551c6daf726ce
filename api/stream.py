"""Server-sent events (WHATWG HTML, "Server-sent events"): an account's notices as they come.

Each event's id is the notice's `seq`, which counts an account's notices without gaps in the order of their commits: who reconnects
with `Last-Event-ID` gets exactly what they have not seen, from any worker. The first event, `hello`, gives the place from which a
reader who brought none starts, so that a connection that breaks before the first notice is resumed without loss as well.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import orjson
import structlog
from aiohttp import web

from api.background.feed import Feed
from api.views.notices import notice_view
from models.errors import InvalidInputError, SandanError
from models.store import UNAVAILABLE, Store

log = structlog.get_logger("sandan.stream")
HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 30.0
RECONNECT_MS = 2_000
BATCH = 100
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",
}
Check = Callable[[], Awaitable[object]]


class Reader:
    """One connection. It waits for its own reader only, and gives up on one that takes nothing for `WRITE_SECONDS`."""

    def __init__(self, request: web.Request, store: Store, account_id: str) -> None:
        self._request, self._store, self._account_id = request, store, account_id
        self._response = web.StreamResponse(headers=HEADERS)
        self._seen = 0

    async def serve(self, feed: Feed, still_signed_in: Check, request_id: str) -> web.StreamResponse:
        """Until the reader is gone, the session has ended, the database is away or the service stops: then they come again."""
        last = await self._store.inboxes.last_seq(self._account_id)
        given = last_event_id(self._request)
        self._seen = last if given is None else min(given, last)
        self._response.headers["X-Request-Id"] = request_id
        with feed.listening(self._account_id, self._is_alive) as bell:
            await self._response.prepare(self._request)
            try:
                await self._write(f"retry: {RECONNECT_MS}\nid: {self._seen}\nevent: hello\ndata: {{}}\n\n".encode())
                checked_at = time.monotonic()
                while not feed.closing:
                    bell.clear()
                    await self._catch_up()
                    rang = feed.closing or await _rang(bell)
                    # Also where there is always news: a session that has ended hears no more of it.
                    if not rang or time.monotonic() - checked_at >= HEARTBEAT_SECONDS:
                        await still_signed_in()
                        checked_at = time.monotonic()
                    if not rang:
                        await self._write(b":\n\n")
            except (ConnectionError, SandanError, *UNAVAILABLE) as error:
                log.debug("stream ended", why=type(error).__name__, request_id=request_id)
            except TimeoutError:
                if self._request.transport is not None:
                    self._request.transport.abort()
        return self._response

    async def _catch_up(self) -> None:
        while notices := await self._store.inboxes.since(self._account_id, self._seen, BATCH):
            for notice in notices:
                data = orjson.dumps(notice_view(notice))
                await self._write(b"id: %d\nevent: notice\ndata: %s\n\n" % (notice.seq, data))
                self._seen = notice.seq

    def _is_alive(self) -> bool:
        transport = self._request.transport
        return transport is not None and not transport.is_closing()

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await self._response.write(data)


def last_event_id(request: web.Request) -> int | None:
    given = request.headers.get("Last-Event-ID", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise InvalidInputError("填写的内容有误", {"Last-Event-ID": ["应当是收到的最后一个事件的 id"]})
    return int(given)


async def _rang(bell: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await bell.wait()
    except TimeoutError:
        return False
