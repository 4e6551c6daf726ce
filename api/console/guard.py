"""What stands around every page: strict headers, and no form that was sent from somebody else's site."""

from urllib.parse import urlsplit

from aiohttp import web

from api.keys import SETTINGS
from models.errors import ForbiddenError

# A page of ours, also one that shows a refused form again; or "problem". What comes without it was answered by somebody between.
KIND = "Sandan-Page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def guard(response: web.StreamResponse, request: web.Request) -> web.StreamResponse:
    """A stream that has begun has its headers already."""
    if response.prepared:
        return response
    tile_url = request.app[SETTINGS].tile_url
    tiles = f" {'://'.join(urlsplit(tile_url)[:2])}" if tile_url else ""
    response.headers["Content-Security-Policy"] = POLICY.format(tiles=tiles)
    response.headers.setdefault(KIND, "page")
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def require_same_origin(request: web.Request) -> None:
    """The browser says where a form comes from: in Sec-Fetch-Site, or over plain HTTP only in Origin. Neither, or another: no."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = urlsplit(origin or "").netloc == request.host if origin is not None else site is not None
    if not ours or site not in (None, "same-origin"):
        raise ForbiddenError("这次提交不是从本站的页面发出的，没有办理")
