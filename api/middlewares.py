"""Around every call: an id, one log line, one envelope for errors."""

import re
import secrets
import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from api.errors import has_left, problem, problem_of, problem_of_http
from api.keys import REQUEST_ID
from models.errors import SandanError, StoreUnavailableError
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.http")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@web.middleware
async def tag_and_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get("X-Request-Id", "")
    request[REQUEST_ID] = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    started = time.perf_counter()
    response = await handler(request)
    if not response.prepared:
        response.headers["X-Request-Id"] = request[REQUEST_ID]
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
    resource = request.match_info.route.resource
    log.info(
        "call",
        method=request.method,
        route=resource.canonical if resource else None,
        status=response.status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        request_id=request[REQUEST_ID],
    )
    return response


@web.middleware
async def envelope(request: web.Request, handler: Handler) -> web.StreamResponse:
    request_id = request[REQUEST_ID]
    try:
        return await handler(request)
    except SandanError as error:
        return problem_of(error, request_id)
    except web.HTTPException as error:
        return problem_of_http(error, request_id)
    except UNAVAILABLE as error:
        log.warning("store unavailable", error=str(error)[:200], request_id=request_id)
        return problem_of(StoreUnavailableError("数据库暂时连不上，请稍后再试"), request_id)
    except ConnectionResetError:
        return has_left()
    except Exception:
        log.exception("unexpected", request_id=request_id)
        return problem(500, "internal_error", "服务内部出错，已记录", request_id)
