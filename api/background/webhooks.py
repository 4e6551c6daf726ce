"""Sends the postings: any number of workers, several at once, so that a slow receiver keeps only its own waiting."""

import asyncio

import orjson
import structlog
from aiohttp import ClientError

from api.outbound import Outbound
from api.views.notices import notice_view
from matcher.dispatch.hooks import Hooks, Parcel
from models.notice import Received
from models.schedule import now
from models.store import UNAVAILABLE
from models.webhook import signature

log = structlog.get_logger("sandan.webhooks")
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0
AT_ONCE = 20


def body_of(notice: Received) -> bytes:
    """The same at every attempt: nothing of it changes with time."""
    data = {key: value for key, value in notice_view(notice).items() if key != "read_at"}
    return orjson.dumps({"type": notice.kind, "timestamp": notice.at, "data": data})


class Postman:
    def __init__(self, hooks: Hooks, outbound: Outbound) -> None:
        self._hooks, self._outbound = hooks, outbound
        self._stopping = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhooks")

    async def stop(self) -> None:
        """What is on its way is cut off, and sent again when its claim has run out: at least once."""
        self._stopping.set()
        if self._task is not None:
            await self._task
        for sending in self._sending:
            sending.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            pause = POLL_SECONDS
            try:
                while len(self._sending) < AT_ONCE and (parcel := await self._hooks.next_parcel()) is not None:
                    self._send_aside(parcel)
            except UNAVAILABLE as error:
                log.warning("store unavailable", error=str(error)[:200])
                pause = RETRY_SECONDS
            except Exception:
                log.exception("a posting could not be taken up")
            await self._pause(pause)

    def _send_aside(self, parcel: Parcel) -> None:
        sending = asyncio.create_task(self._send(parcel))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _send(self, parcel: Parcel) -> None:
        try:
            status = await self._attempt(parcel)
            if status is not None and 200 <= status < 300:
                await self._hooks.arrived(parcel)
            else:
                log.info("webhook failed", webhook=parcel.webhook.id, status=status, attempts=parcel.posting.attempts)
                await self._hooks.failed(parcel, status)
        except UNAVAILABLE as error:
            log.warning("store unavailable", error=str(error)[:200])
        except Exception:
            log.exception("a posting failed and is tried again when its claim has run out")

    async def _attempt(self, parcel: Parcel) -> int | None:
        """The receiver's status, or None when there was none."""
        webhook, posting, timestamp = parcel.webhook, parcel.posting, int(now().timestamp())
        body = body_of(parcel.notice)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "sandan-webhooks",
            "webhook-id": posting.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(webhook.secret, posting.id, timestamp, body),
        }
        try:
            return await self._outbound.post(webhook.url, body, headers)
        except (ClientError, OSError, TimeoutError, ValueError):
            return None

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
