"""A form that is sent twice acts once, also without scripts: the page puts a key into it, and the same words with the same key from
the same person are the same call to api/idempotency.py, which leads to where the first one led.

Other words with that key, after a way back in the browser, are another matter and are carried out. A refusal is not kept: what was
missing may be there the next time.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson
from aiohttp import web

from api.idempotency import keyed_call, once
from api.keys import REQUEST_ID, STORE
from models.account import Principal

FIELD = "_once"
LONGEST_KEY = 100
Pairs = list[tuple[str, str]]
Run = Callable[[], Awaitable[dict[str, Any]]]


def new_key() -> str:
    """One serves all forms of a page: each has an address or words of its own."""
    return secrets.token_urlsafe(12)


def taken(pairs: Iterable[tuple[str, str]]) -> tuple[str, Pairs]:
    """The key, empty where the form has none, and what was typed."""
    rest, key = [], ""
    for name, value in pairs:
        if name == FIELD:
            key = value[:LONGEST_KEY]
        else:
            rest.append((name, value))
    return key, rest


async def only_once(request: web.Request, who: Principal, key: str, typed: Pairs, run: Run) -> dict[str, Any]:
    """What `run` gave the first time, for all copies of a form. Raises what it raises."""

    async def respond() -> web.Response:
        return web.Response(body=orjson.dumps(await run()), content_type="application/json")

    words = hashlib.sha256(orjson.dumps(typed)).hexdigest()
    call = keyed_call(who, request, f"{key}\n{words}", typed)
    response = await once(request.app[STORE], call, request[REQUEST_ID], respond, one_transaction=True, keeps_refusals=False)
    assert isinstance(response, web.Response)
    assert isinstance(response.body, bytes)
    found: dict[str, Any] = orjson.loads(response.body)
    return found
