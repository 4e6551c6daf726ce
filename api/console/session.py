"""The browser's session: the same opaque token as the API's, in a cookie. And what is said once, on the page after."""

import base64
import binascii

from aiohttp import web

from api.keys import IDENTITY, SETTINGS
from api.origin import is_https
from models.account import Principal
from models.errors import UnauthenticatedError

VISITOR = web.RequestKey("visitor", object)
SESSION_COOKIE = "sandan_session"
SAID_COOKIE = "sandan_said"
SAID_SECONDS = 60
LONGEST_SAID = 200
DAY_SECONDS = 24 * 60 * 60


def token_of(request: web.Request) -> str | None:
    return request.cookies.get(SESSION_COOKIE)


async def visitor(request: web.Request) -> Principal | None:
    """None for nobody, and for a session that has ended."""
    token = token_of(request)
    try:
        return await request.app[IDENTITY].holder(token) if token else None
    except UnauthenticatedError:
        return None


def remember(request: web.Request, response: web.Response, token: str) -> None:
    _set(request, response, SESSION_COOKIE, token, request.app[SETTINGS].session_days * DAY_SECONDS)


def forget(response: web.Response) -> None:
    response.del_cookie(SESSION_COOKIE, path="/")


def say(request: web.Request, response: web.Response, text: str) -> None:
    """Shown once, on the next whole page that this browser opens."""
    value = base64.urlsafe_b64encode(text[:LONGEST_SAID].encode()).decode()
    _set(request, response, SAID_COOKIE, value, SAID_SECONDS)


def said(request: web.Request) -> str:
    """A cookie can be anybody's words: it is only ever shown as text, and not at length."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(SAID_COOKIE, "").encode("ascii")).decode()[:LONGEST_SAID]
    except (ValueError, binascii.Error):
        return ""


def has_said(response: web.Response) -> None:
    response.del_cookie(SAID_COOKIE, path="/")


def _set(request: web.Request, response: web.Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=is_https(request))


def local_path(target: str | None) -> str:
    """Where to go after signing in: a path of ours, else the first page. `//host` and `/\\host` lead elsewhere in a browser."""
    fine = target is not None and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if fine and target is not None and len(target) <= 1_000 else "/"
