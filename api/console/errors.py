"""What went wrong, as a page: the API's status, words for the person who reads it, and a way on."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from api.console.guard import KIND, guard
from api.console.rendering import render
from api.console.routing import PageRoute, Redirect, Visit, go, sign_in_path
from api.console.session import VISITOR, forget, say, visitor
from api.errors import HTTP_DETAILS, RETRY_SECONDS, STATUSES
from api.keys import REQUEST_ID
from models.account import Principal
from models.errors import SandanError, StoreUnavailableError, UnauthenticatedError
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.console")
OTHERS = ("/api/", "/docs", "/openapi.json", "/healthz", "/readyz")
TITLES = {
    403: ("没有权限", "lock"),
    404: ("没有找到", "search"),
    405: ("这样打不开", "search"),
    409: ("没有办成", "alert-triangle"),
    422: ("没有办成", "alert-triangle"),
    429: ("请稍等", "clock"),
    503: ("暂时连不上", "wifi-off"),
}


def is_page(request: web.Request) -> bool:
    """A page's address, or an unknown one that a browser asks for; programs are answered in the API's envelope."""
    if isinstance(getattr(request.match_info.handler, "__self__", None), PageRoute):
        return True
    return not request.path.startswith(OTHERS) and "text/html" in request.headers.get("Accept", "")


@web.middleware
async def show_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not is_page(request):
        return await handler(request)
    try:
        return await handler(request)
    except UnauthenticatedError:
        return to_sign_in(request)
    except SandanError as error:
        return await error_page(request, STATUSES[type(error)], error.detail)
    except web.HTTPException as error:
        return await error_page(
            request, error.status, HTTP_DETAILS.get(error.status, ("", "请求不合法"))[1], error.headers.get("Allow")
        )
    except UNAVAILABLE as error:
        log.warning("store unavailable", error=str(error)[:200], request_id=request[REQUEST_ID])
        return await error_page(request, STATUSES[StoreUnavailableError], "数据库暂时连不上，请稍后再试。您填的内容还没有保存。")
    except Exception:
        log.exception("unexpected", request_id=request[REQUEST_ID])
        return await error_page(request, 500, "服务内部出错，已经记录下来。请稍后再试，或告诉管理员下面的编号。")


def to_sign_in(request: web.Request) -> web.StreamResponse:
    """And back afterwards to where the person was; a form that met a session's end cannot be sent again by itself.

    A part of a page asks by itself, perhaps while somebody writes: the page is told, and goes only where nothing would be lost.
    """
    by_htmx, read = "HX-Request" in request.headers, request.method == "GET"
    lost = "" if by_htmx else "填的内容没有保存，"
    words = "" if read else f"登录已失效，刚才那一步没有办，{lost}请登录后再来一次"
    if by_htmx:
        response = web.Response(status=204, headers={"HX-Trigger": "signed-out"})
        if words:
            say(request, response, words)
    else:
        response = go(Visit(request, None), Redirect(sign_in_path(request.path_qs if read else "/"), words))
    forget(response)
    return guard(response, request)


async def error_page(request: web.Request, status: int, detail: str, allow: str | None = None) -> web.StreamResponse:
    title, picture = TITLES.get(status, ("出错了", "alert-triangle"))
    context = {"title": title, "picture": picture, "detail": detail, "status": status, "request_id": request[REQUEST_ID]}
    # Without the database nobody is known, and the page must not ask it.
    someone = await _known(request) if status < 500 else None
    visit = Visit(request, someone)
    fragment = "errors/inline.html" if visit.wants_fragment else None
    response = await render(visit, "errors/page.html", context, fragment, status)
    response.headers[KIND] = "problem"
    if allow is not None:
        response.headers["Allow"] = allow
    if status == STATUSES[StoreUnavailableError]:
        response.headers["Retry-After"] = str(RETRY_SECONDS[StoreUnavailableError])
    return guard(response, request)


async def _known(request: web.Request) -> Principal | None:
    if VISITOR in request:
        found = request[VISITOR]
        return found if isinstance(found, Principal) else None
    try:
        return await visitor(request)
    except UNAVAILABLE:
        return None
