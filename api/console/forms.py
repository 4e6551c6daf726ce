"""From what a form sends to the shape that a schema reads: a form knows only names and texts.

A nested field is named with a dot (`contact.phone`), one of a list of objects by its number (`roles.0.role`), a list of words by
the same name several times; a provider may stand as `kind:id`. A box that is not ticked sends nothing: a hidden `false` before it.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from marshmallow import Schema, fields

from api.keys import SETTINGS
from api.parsing import read_body, refuse_characters
from models.errors import InvalidInputError, UnreadableBodyError
from models.schemas.base import INTEGER, Flag, Number, Text, Whole
from models.schemas.common import ProviderRefShape

MOST_FIELDS = 1_000
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
ABSENT = object()
Pairs = list[tuple[str, str]]


class Typed:
    """What was typed, as it came; for a page that is opened afresh the defaults of its fields."""

    def __init__(self, pairs: Iterable[tuple[str, str]] | None) -> None:
        self.fresh = pairs is None
        self.pairs: Pairs = list(pairs or ())

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def get(self, name: str, default: object = "") -> object:
        """The last of that name: a ticked box comes after its hidden `false`."""
        return default if self.fresh else next(reversed(self.all(name)), "")

    def has(self, name: str, value: str, default: bool = False) -> bool:
        """Whether this option, of perhaps several of the name, is chosen; the default where the form had no such field."""
        values = self.all(name)
        return value in values if values else default


NOTHING = Typed(None)


async def read_form(request: web.Request) -> Pairs:
    """The names and texts of a form, in order; raises one of the 4xx errors. No body is an empty form: a button alone."""
    settings = request.app[SETTINGS]
    if not request.can_read_body:
        return []
    body = await read_body(request, "application/x-www-form-urlencoded", limit=settings.body_limit, seconds=settings.body_seconds)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadableBodyError("表单不是合法的 UTF-8，或字段太多") from None
    pairs = [(name, value.replace("\r\n", "\n")) for name, value in pairs]
    refuse_characters([list(pair) for pair in pairs])
    return pairs


def folded(schema: Schema, typed: Typed) -> dict[str, Any]:
    """As JSON would have said it. What the schema does not know is handed on, so that it is refused like any other."""
    used: set[str] = set()
    raw = _object(schema, typed, "", used)
    return raw | {name: value for name, value in typed.pairs if name not in used}


def _object(schema: Schema, typed: Typed, prefix: str, used: set[str]) -> dict[str, Any]:
    found = {}
    for name, field in schema.load_fields.items():
        key = field.data_key or name
        value = _field(field, typed, prefix + key, used)
        if value is not ABSENT:
            found[key] = value
    return found


def _field(field: fields.Field[Any], typed: Typed, name: str, used: set[str]) -> Any:
    if isinstance(field, fields.Nested):
        return _nested(field, typed, name, used)
    if isinstance(field, fields.List):
        return _list(field, typed, name, used)
    if isinstance(field, fields.Mapping):
        return _mapping(field, typed, name, used)
    values = typed.all(name)
    used.add(name)
    if not values:
        return ABSENT
    if isinstance(field, Flag):
        return {"true": True, "on": True, "false": False}.get(values[-1], values[-1])
    if len(values) > 1:
        raise InvalidInputError("填写的内容有误", {name: ["只能出现一次"]})
    return _one(field, values[0])


def _one(field: fields.Field[Any], text: str) -> Any:
    """An empty box says nothing, unless an empty text is one that the field takes."""
    if not text.strip() and not (isinstance(field, Text) and field.shortest == 0):
        return (text if isinstance(field, Text) else None) if field.required else ABSENT
    if isinstance(field, Whole) and INTEGER.fullmatch(text.strip()):
        return int(text)
    if isinstance(field, Number) and DECIMAL.fullmatch(text.strip()):
        return float(text)
    return text


def _nested(field: fields.Nested, typed: Typed, name: str, used: set[str]) -> Any:
    if isinstance(field.schema, ProviderRefShape) and (values := typed.all(name)):
        used.add(name)
        return _provider(values[-1]) if values[-1] else ABSENT
    inner = _object(field.schema, typed, f"{name}.", used)
    return inner if field.required or any(value not in ("", None) for value in inner.values()) else ABSENT


def _provider(text: str) -> dict[str, str]:
    kind, _, id = text.partition(":")
    return {"kind": kind, "id": id}


def _list(field: fields.List[Any], typed: Typed, name: str, used: set[str]) -> Any:
    """Named but empty is an empty list; not named at all is not said."""
    inner = field.inner
    if isinstance(inner, fields.Nested):
        whole = [value for value in typed.all(name) if value] if isinstance(inner.schema, ProviderRefShape) else []
        if name in dict(typed.pairs):
            used.add(name)
            return [_provider(value) for value in whole]
        found = [_nested(inner, typed, f"{name}.{number}", used) for number in _numbers(typed, name)]
        return [each for each in found if each is not ABSENT] or ABSENT
    used.add(name)
    values = typed.all(name)
    return [_one(inner, value) for value in values if value.strip()] if values else ABSENT


def _numbers(typed: Typed, name: str) -> list[int]:
    pattern = re.compile(re.escape(name) + r"\.([0-9]{1,3})\.", re.ASCII)
    return sorted({int(match[1]) for key, _ in typed.pairs if (match := pattern.match(key))})


def _mapping(field: fields.Mapping[Any], typed: Typed, name: str, used: set[str]) -> Any:
    found = {}
    for key, value in typed.pairs:
        if key.startswith(f"{name}.") and value.strip():
            used.add(key)
            found[key.removeprefix(f"{name}.")] = _one(field.value_field, value) if field.value_field else value
    return found or ABSENT
