"""Server-sent events (WHATWG HTML, "Server-sent events"): an account's notices as they come, and that what it looks at has changed.

Each notice's id is its `seq`, which counts an account's notices without gaps in the order of their commits: who reconnects
with `Last-Event-ID` gets exactly what they have not seen, from any worker. The first event, `hello`, gives the place from which a
reader who brought none starts, so that a connection that breaks before the first notice is resumed without loss as well.

`touched` names a topic that was asked for and nothing else: what there is to see of it is read by whoever may see it. It has no id:
who comes back reads again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
import structlog
from aiohttp import web

from api.background.ears import Ear
from api.background.feed import Feed, inbox_of
from api.keys import DESK, FEED, REQUEST_ID, STORE
from api.views.notices import notice_view
from matcher.dispatch.hearing import Topics, Wish
from models.account import Principal
from models.errors import InvalidInputError, SandanError
from models.store import UNAVAILABLE, Store

log = structlog.get_logger("sandan.stream")
HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 30.0
# Between two `touched`: whatever happens meanwhile is one.
TOUCH_SECONDS = 0.5
RECONNECT_MS = 2_000
BATCH = 100
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",
}
Holder = Callable[[], Awaitable[Principal]]
Look = Callable[[], Awaitable[Topics]]


async def serve_stream(
    request: web.Request, who: Principal, holder: Holder, query: Mapping[str, Any], since: float | None = None
) -> web.StreamResponse:
    """`holder` gives whose session it is by now and raises when it has ended. `since`, in seconds since 1970, is when the page that
    asks was shown what it shows: what has happened since then counts."""
    hearing = request.app[DESK].hearing
    wish = Wish(query["need"], query["whistle"], query["desk"], query["region"])

    async def look() -> Topics:
        return await hearing.topics(await holder(), wish)

    topics = await hearing.topics(who, wish)
    reader = Reader(request, request.app[STORE], who.account_id, look)
    return await reader.serve(request.app[FEED], topics, since)


class Reader:
    """One connection. It waits for its own reader only, and gives up on one that takes nothing for `WRITE_SECONDS`.

    `look` says what may be heard by now, and raises where that is over: it is asked before each `touched` and every
    `HEARTBEAT_SECONDS`.
    """

    def __init__(self, request: web.Request, store: Store, account_id: str, look: Look) -> None:
        self._request, self._store, self._account_id, self._look = request, store, account_id, look
        self._response = web.StreamResponse(headers=HEADERS)
        self._seen = 0

    async def serve(self, feed: Feed, topics: Topics, since: float | None) -> web.StreamResponse:
        """Until the reader is gone, their session or their right has ended, the database is away or the service stops: then they
        come again."""
        last = await self._store.inboxes.last_seq(self._account_id)
        given = last_event_id(self._request)
        self._seen = last if given is None else min(given, last)
        request_id = self._response.headers["X-Request-Id"] = self._request[REQUEST_ID]
        with feed.listening(self._account_id, topics, self._is_alive) as ear:
            await self._response.prepare(self._request)
            try:
                await self._write(f"retry: {RECONNECT_MS}\nid: {self._seen}\nevent: hello\ndata: {{}}\n\n".encode())
                # Who comes back reads everything again by themself.
                if since is not None and given is None:
                    feed.catch_up(ear, since)
                await self._tell_notices()
                await self._listen(feed, ear, topics)
            except (ConnectionError, SandanError, *UNAVAILABLE) as error:
                log.debug("stream ended", why=type(error).__name__, request_id=request_id)
            except TimeoutError:
                if self._request.transport is not None:
                    self._request.transport.abort()
        return self._response

    async def _listen(self, feed: Feed, ear: Ear, topics: Topics) -> None:
        touched: set[str] = set()
        touch_at, beat_at = 0.0, time.monotonic() + HEARTBEAT_SECONDS
        while not feed.closing:
            heard = ear.take()
            if inbox_of(self._account_id) in heard:
                await self._tell_notices()
            touched |= topics.keys() & heard
            # Also where there is always news: a session that has ended hears no more of it.
            beats, tells = time.monotonic() >= beat_at, touched and time.monotonic() >= touch_at
            if beats or tells:
                topics = await self._look()
                feed.tune(ear, self._account_id, topics)
            if tells:
                await self._tell_touched({topics[key] for key in touched & topics.keys()})
                touched, touch_at = set(), time.monotonic() + TOUCH_SECONDS
            if beats:
                await self._write(b":\n\n")
                beat_at = time.monotonic() + HEARTBEAT_SECONDS
            await ear.rang((min(beat_at, touch_at) if touched else beat_at) - time.monotonic())

    async def _tell_notices(self) -> None:
        while notices := await self._store.inboxes.since(self._account_id, self._seen, BATCH):
            for notice in notices:
                data = orjson.dumps(notice_view(notice))
                await self._write(b"id: %d\nevent: notice\ndata: %s\n\n" % (notice.seq, data))
                self._seen = notice.seq

    async def _tell_touched(self, topics: set[str]) -> None:
        for topic in sorted(topics):
            await self._write(b"event: touched\ndata: %s\n\n" % orjson.dumps({"topic": topic}))

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
