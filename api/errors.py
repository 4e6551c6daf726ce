"""From what went wrong to what the caller is told: one table, one envelope (RFC 9457, application/problem+json)."""

from collections.abc import Mapping

import orjson
from aiohttp import web

from models import errors as e

STATUSES: dict[type[e.SandanError], int] = {
    e.UnreadableBodyError: 400,
    e.UnauthenticatedError: 401,
    e.WrongCredentialsError: 401,
    e.ForbiddenError: 403,
    e.NotFoundError: 404,
    e.BodyTimeoutError: 408,
    e.StaleVersionError: 409,
    e.DuplicateError: 409,
    e.TransitionNotAllowedError: 409,
    e.PlacesTakenError: 409,
    e.CapacityReachedError: 409,
    e.NotEligibleError: 409,
    e.NoTeamError: 409,
    e.StillInUseError: 409,
    e.CallInProgressError: 409,
    e.BodyTooLargeError: 413,
    e.UnsupportedMediaError: 415,
    e.NotCarriedError: 421,
    e.InvalidInputError: 422,
    e.KeyReusedError: 422,
    e.TooManyAttemptsError: 429,
    e.TooManyStreamsError: 429,
    e.SignInBusyError: 429,
    e.StoreUnavailableError: 503,
}
# In how many seconds it may go well, where that is known.
RETRY_SECONDS: dict[type[e.SandanError], int] = {e.StoreUnavailableError: 2, e.CallInProgressError: 1, e.SignInBusyError: 3}
HTTP_DETAILS = {
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不支持该方法"),
    413: ("body_too_large", "请求正文太大"),
    400: ("bad_request", "请求不合法"),
}


def problem(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    body: dict[str, object] = {"type": "about:blank", "status": status, "code": code, "detail": detail, "request_id": request_id}
    body.update(extra or {})
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/problem+json", headers=headers)


def problem_of(error: e.SandanError, request_id: str) -> web.Response:
    extra: dict[str, object] = {"fields": error.fields} if isinstance(error, e.InvalidInputError) else dict(error.facts)
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, e.UnauthenticatedError) else None
    if type(error) in RETRY_SECONDS:
        headers = {"Retry-After": str(RETRY_SECONDS[type(error)])}
    return problem(STATUSES[type(error)], error.code, error.detail, request_id, extra, headers)


def problem_of_http(error: web.HTTPException, request_id: str) -> web.Response:
    """aiohttp's own refusals: an unknown address, a method that is not there."""
    code, detail = HTTP_DETAILS.get(error.status, ("http_error", error.reason))
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    return problem(error.status, code, detail, request_id, headers=headers)
