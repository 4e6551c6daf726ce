"""Where a call came from. A proxy's word counts only where the settings say that there is one."""

from aiohttp import web

from api.keys import SETTINGS


def is_https(request: web.Request) -> bool:
    if request.app[SETTINGS].behind_proxy:
        return request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"
    return request.secure


def client_of(request: web.Request) -> str:
    """The address that the limits count by: of several forwarded ones the last, which our own proxy wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "") if request.app[SETTINGS].behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or request.remote or ""
