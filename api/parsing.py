"""What comes in. One strict JSON loader for every body: a service must not answer 500 to any sequence of bytes."""

import asyncio
import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from aiohttp import web
from marshmallow import Schema, ValidationError

from models.errors import BodyTimeoutError, BodyTooLargeError, InvalidInputError, UnreadableBodyError, UnsupportedMediaError

DEEPEST = 24
LARGEST = 2**63
MOST_DIGITS = 19
# C0 and C1 controls except tab, line feed and carriage return; surrogates; the two non-characters of each plane's end are harmless.
BROKEN_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


async def read_json(request: web.Request, *, limit: int, seconds: float) -> Any:
    """The body as JSON, or one of the 4xx errors; nothing else, whatever the bytes."""
    return loads(await read_body(request, "application/json", limit=limit, seconds=seconds))


async def read_body(request: web.Request, content_type: str, *, limit: int, seconds: float) -> bytes:
    """The bytes of a body of this type, said to be UTF-8; raises one of the 4xx errors."""
    if request.content_type != content_type:
        raise UnsupportedMediaError(f"请求正文应当是 {content_type}")
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaError("请求正文应当是 UTF-8 编码")
    if request.content_length is not None and request.content_length > limit:
        raise BodyTooLargeError(f"请求正文超过 {limit} 字节")
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except TimeoutError:
        raise BodyTimeoutError("请求正文没有按时送达") from None
    except web.RequestPayloadError:
        raise UnreadableBodyError("请求正文不是它所说的编码") from None


async def _read(request: web.Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise BodyTooLargeError(f"请求正文超过 {limit} 字节")
    return bytes(body)


def loads(body: bytes) -> Any:
    """Strict JSON: UTF-8, no duplicate, empty, `$` or dotted keys, no NaN, bounded integers and depth, no control characters."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableBodyError("请求正文不是合法的 UTF-8") from None
    _refuse_depth(text)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise UnreadableBodyError("请求正文不是合法的 JSON") from None
    refuse_characters(value)
    return value


def _refuse_depth(text: str) -> None:
    """Brackets inside strings count too: an upper bound is enough, and cheap."""
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > DEEPEST:
                raise UnreadableBodyError(f"JSON 嵌套超过 {DEEPEST} 层")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if not key or "." in key or key.startswith("$") or key in found or len(key) > 200:
            raise UnreadableBodyError("JSON 里有空的、重复的、以 $ 开头或带点的键")
        found[key] = value
    return found


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS or not -LARGEST <= (number := int(digits)) < LARGEST:
        raise UnreadableBodyError("JSON 里的整数太大")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise UnreadableBodyError("JSON 里的数字太大")
    return number


def _constant(_: str) -> NoReturn:
    raise UnreadableBodyError("JSON 里不能有 NaN 或 Infinity")


def refuse_characters(value: Any) -> None:
    """Raises UnreadableBodyError for control characters and surrogates, however deep they stand."""
    if isinstance(value, str):
        if UNWANTED.search(value):
            raise UnreadableBodyError("文字里有不可用的控制字符")
    elif isinstance(value, dict):
        for key, inner in value.items():
            refuse_characters(key)
            refuse_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            refuse_characters(inner)


def check_address(raw: str) -> None:
    """Every percent sign of a path or a query string begins a byte, and the bytes are UTF-8: nothing is guessed at."""
    try:
        broken = BROKEN_PERCENT.search(raw) is not None
        unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        broken = True
    if broken:
        raise InvalidInputError("地址里的百分号编码不正确")


def check_text(text: str) -> None:
    """For what stands in a path or a query string."""
    if UNWANTED.search(text) or len(text) > 2_000:
        raise InvalidInputError("地址里有不可用的字符")


def shaped(schema: Schema, raw: Any) -> Any:
    """Raw JSON through a wire shape; raises InvalidInputError with a message for each field, nested ones as `a.b`."""
    try:
        return schema.load(raw)
    except ValidationError as error:
        fields: dict[str, list[str]] = {}
        _flatten(error.messages_dict, "", fields)
        raise InvalidInputError("填写的内容有误", fields) from None


def queried(schema: Schema, request: web.Request) -> Any:
    """The query string through a wire shape; a parameter given twice is refused rather than guessed at."""
    raw: dict[str, str] = {}
    for name, value in request.query.items():
        check_text(name)
        check_text(value)
        if name in raw:
            raise InvalidInputError("填写的内容有误", {name: ["只能出现一次"]})
        raw[name] = value
    return shaped(schema, raw)


def _flatten(messages: Mapping[Any, Any], path: str, fields: dict[str, list[str]]) -> None:
    for key, inner in messages.items():
        place = path if key == "_schema" else f"{path}.{key}".lstrip(".")
        if isinstance(inner, dict):
            _flatten(inner, place, fields)
        else:
            fields.setdefault(place or "_", []).extend(str(message) for message in inner)
