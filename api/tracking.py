"""查进度 as the API and the page do it: asked without signing in, so that guessing is slowed down."""

from aiohttp import web

from api.keys import DESK, TURNSTILE
from api.origin import client_of
from matcher.dispatch.tracking import Tracked

FAILURES_OF_A_CLIENT, FAILURES_AT_A_NUMBER = 20, 5


async def track(request: web.Request, number: str, phone_tail: str) -> Tracked:
    """Raises NotFoundError, and TooManyAttemptsError after five wrong tries at a need or twenty of a client.

    By whichever of its numbers a need is asked for: each of them would else give five tries more at the same telephone number.
    """
    turnstile, tracking = request.app[TURNSTILE], request.app[DESK].tracking
    with turnstile.client(client_of(request)):
        need = await tracking.meant(number)
        with turnstile.thing(need.id if need else number):
            return await tracking.track(number, need, phone_tail)
