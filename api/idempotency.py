"""`Idempotency-Key`: a POST that is sent again does nothing again and is answered as the first time, byte for byte.

The key's row and the effect are one commit. A call first claims its key with a row of its own, seen by all workers at once. Then
the whole handler runs inside one transaction (`Store.as_one`: what it reads and writes through the store joins in), the answer is
made inside it, and the last write of that transaction puts the answer into the row, on the condition that the row is still this
call's. So after any crash there are two cases and no third: the transaction was committed, and with it the answer that every later
copy gets; or it was not, nothing has happened, the claim runs out after `LEASE`, and the next copy carries the call out. A call
that was only slow and lost its claim meanwhile fails at that last write, and its effect with it.

A refusal (4xx) has no effect; it is kept too, so that all copies hear the same. What may pass by itself (429, 503, a fault of ours)
is not kept. A handler that makes several transactions, each right by itself, is declared `one_transaction=False`: its answer is
kept afterwards, and after a crash in between a copy runs it again.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from aiohttp import web

from api.errors import problem_of
from models.account import Principal
from models.errors import (
    CallInProgressError,
    InvalidInputError,
    KeyReusedError,
    SandanError,
    SignInBusyError,
    StoreUnavailableError,
    TooManyAttemptsError,
)
from models.keyed_call import KeptAnswer, KeyedCall
from models.schedule import now
from models.store import Store

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
FORM = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
LIFETIME = timedelta(hours=24)
# By `one_transaction`. Longer than the calls take: who is taken over from has worked in vain, or works beside the other.
LEASES = {True: timedelta(seconds=30), False: timedelta(minutes=2)}
WAIT_SECONDS = 10.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.25
UNDER_WAY = "同一个请求正在处理，请稍后再取结果"
PASSING = (CallInProgressError, SignInBusyError, StoreUnavailableError, TooManyAttemptsError)

Run = Callable[[], Awaitable[web.StreamResponse]]


def key_of(request: web.Request) -> str | None:
    """The caller's key; raises InvalidInputError for one that is none."""
    given = request.headers.getall(HEADER, [])
    if not given:
        return None
    if len(given) > 1 or not FORM.fullmatch(given[0]):
        raise InvalidInputError("填写的内容有误", {HEADER: ["应当是 1 到 255 个可见的 ASCII 字符，只写一次"]})
    return given[0]


def keyed_call(who: Principal, request: web.Request, key: str, body: Any) -> KeyedCall:
    """A key belongs to an account and an address. Bodies are equal when they say the same, in whatever order and spacing."""
    name = "\n".join((who.account_id, request.method, request.raw_path, key))
    at = now()
    return KeyedCall(
        id=hashlib.sha256(name.encode()).hexdigest(),
        fingerprint=hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        owner=secrets.token_hex(8),
        until=at,
        expires_at=at + LIFETIME,
    )


async def once(
    store: Store, call: KeyedCall, request_id: str, run: Run, *, one_transaction: bool, keeps_refusals: bool = True
) -> web.StreamResponse:
    """The answer of `run`, which is carried out once for all copies of the call. A refusal that is not kept is raised."""
    present = await _claimed(store, call, LEASES[one_transaction])
    if present.answer is not None:
        return _replayed(present.answer)
    try:
        return await (_as_one(store, present, run) if one_transaction else _in_steps(store, present, run))
    except SandanError as error:
        if isinstance(error, PASSING) or not keeps_refusals:
            await store.keyed_calls.release(present)
            raise
        refusal = problem_of(error, request_id)
        await store.keyed_calls.finish(present, _kept(refusal))
        return refusal
    except BaseException:
        # Also for a cancelled call. If its transaction was committed after all, there is an answer, and the row stays.
        await asyncio.shield(store.keyed_calls.release(present))
        raise


async def _as_one(store: Store, call: KeyedCall, run: Run) -> web.StreamResponse:
    async def work(unit: Any) -> web.StreamResponse:
        response = await run()
        if not await unit.keyed_calls.finish(call, _kept(response)):
            raise CallInProgressError(UNDER_WAY)
        return response

    return await store.as_one(work)


async def _in_steps(store: Store, call: KeyedCall, run: Run) -> web.StreamResponse:
    response = await run()
    await store.keyed_calls.finish(call, _kept(response))
    return response


async def _claimed(store: Store, call: KeyedCall, lease: timedelta) -> KeyedCall:
    """The call as ours, or answered. Waits shortly for a copy that is under way."""
    pause, waited = FIRST_PAUSE_SECONDS, 0.0
    while True:
        at = now()
        present = await store.keyed_calls.claim(replace(call, until=at + lease), at)
        if present.fingerprint != call.fingerprint:
            raise KeyReusedError(f"这个 {HEADER} 已用于另一个请求，内容不同")
        if present.answer is not None or present.owner == call.owner:
            return present
        if waited >= WAIT_SECONDS:
            raise CallInProgressError(UNDER_WAY)
        await asyncio.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE_SECONDS)


def _kept(response: web.StreamResponse) -> KeptAnswer:
    body = response.body if isinstance(response, web.Response) else response
    if not isinstance(body, bytes | bytearray | None):
        raise TypeError("an answer that is kept for a key is made of bytes")
    return KeptAnswer(response.status, bytes(body or b""), response.headers.get("Content-Type", ""))


def _replayed(answer: KeptAnswer) -> web.Response:
    headers = {REPLAYED: "true"} | ({"Content-Type": answer.content_type} if answer.content_type else {})
    return web.Response(status=answer.status, body=answer.body or None, headers=headers)
