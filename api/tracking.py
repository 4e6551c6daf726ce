"""查进度 as the API and the page do it: asked without signing in, so that guessing is slowed down."""

from aiohttp import web

from api.keys import DESK, TURNSTILE
from api.origin import client_of
from matcher.dispatch.tracking import Tracked

FAILURES_OF_A_CLIENT, FAILURES_AT_A_NUMBER = 20, 5


async def track(request: web.Request, number: str, phone_tail: str) -> Tracked:
    """Raises NotFoundError, and TooManyAttemptsError after five wrong tries at a number or twenty of a client."""
    with request.app[TURNSTILE].passing(client_of(request), number):
        return await request.app[DESK].tracking.track(number, phone_tail)
