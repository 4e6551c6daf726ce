"""Fields that say in Chinese what is wrong, and say no to what looks like a number or a text but is not quite one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from models.schedule import LOCAL

REQUIRED = {"required": "必须填写", "null": "不能为空", "validator_failed": "填写不正确"}
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
INTEGER = re.compile(r"-?[0-9]{1,15}", re.ASCII)


class Wire(Schema):
    """Base of all wire shapes: an unknown field is refused, not ignored."""

    error_messages = {"unknown": "没有这个字段", "type": "应当是一个对象"}  # noqa: RUF012 - marshmallow's own class attribute

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Stripped of white space at both ends unless it is a secret; lengths count after that."""

    default_error_messages = {**REQUIRED, "invalid": "应当是文字", "invalid_utf8": "文字编码不正确"}  # noqa: RUF012

    def __init__(self, longest: int, shortest: int = 0, *, strip: bool = True, **rest: Any) -> None:
        self.longest, self.shortest, self.strip = longest, shortest, strip
        # Said for the API's description; checked below, where the message can be exact.
        super().__init__(metadata={"maxLength": longest, "minLength": shortest}, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if self.strip:
            text = text.strip()
        if len(text) < self.shortest:
            raise ValidationError("不能为空" if self.shortest == 1 else f"至少 {self.shortest} 个字")
        if len(text) > self.longest:
            raise ValidationError(f"最多 {self.longest} 个字")
        return text


class Whole(fields.Integer):
    """An integer that is written as one: no booleans, no full-width digits, no underscores, no 3.0; as text only in a query string."""

    default_error_messages = {**REQUIRED, "invalid": "应当是整数", "too_large": "数字太大"}  # noqa: RUF012

    def __init__(self, least: int, most: int, **rest: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"minimum": least, "maximum": most}, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        written = isinstance(value, str) and isinstance(self.parent, Query) and INTEGER.fullmatch(value)
        if isinstance(value, bool) or not (isinstance(value, int) or written):
            raise ValidationError("应当是整数")
        number = int(value)
        if not self.least <= number <= self.most:
            raise ValidationError(f"应当在 {self.least} 到 {self.most} 之间")
        return number


class Number(fields.Float):
    default_error_messages = {**REQUIRED, "invalid": "应当是数字", "too_large": "数字太大", "special": "应当是普通数字"}  # noqa: RUF012

    def __init__(self, least: float, most: float, **rest: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"minimum": least, "maximum": most}, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("应当是数字")
        number = float(value)
        if not self.least <= number <= self.most:
            raise ValidationError(f"应当在 {self.least:g} 到 {self.most:g} 之间")
        return number


class Flag(fields.Boolean):
    """true or false; not 1, "yes" or "on"."""

    truthy = {True}  # noqa: RUF012
    falsy = {False}  # noqa: RUF012
    default_error_messages = {**REQUIRED, "invalid": "应当是 true 或 false"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if isinstance(value, str) and value in ("true", "false") and isinstance(self.parent, Query):
            return value == "true"
        if not isinstance(value, bool):
            raise ValidationError("应当是 true 或 false")
        return value


class Term(fields.String):
    """One of a vocabulary's words."""

    default_error_messages = {**REQUIRED, "invalid": "应当是文字", "invalid_utf8": "文字编码不正确"}  # noqa: RUF012

    def __init__(self, vocabulary: type[StrEnum], **rest: Any) -> None:
        self.vocabulary = vocabulary
        words = [str(word) for word in vocabulary]
        super().__init__(validate=validate.OneOf(words, error=f"应当是其中之一：{'、'.join(words)}"), **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        word = super()._deserialize(value, attr, data, **kwargs)
        return self.vocabulary(word) if word in set(self.vocabulary) else word


class Instant(fields.Field[datetime]):
    """ISO 8601; without an offset it is Asia/Shanghai. Gives aware UTC, between 2000 and 2100."""

    default_error_messages = {**REQUIRED, "invalid": "应当是 ISO 8601 时间，例如 2026-10-01T09:00:00+08:00"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) and value.isascii() and len(value) <= 40 else "")
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if not EARLIEST <= moment < LATEST:
            raise ValidationError("时间应当在 2000 年到 2100 年之间")
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Clock(fields.Field[int]):
    """HH:MM as minutes from midnight; 24:00 is the end of the day."""

    default_error_messages = {**REQUIRED, "invalid": "应当是 HH:MM，例如 18:00"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        match = CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None or (match[1] == "24" and match[2] != "00"):
            raise self.make_error("invalid")
        return int(match[1]) * 60 + int(match[2])


class Many(fields.List[Any]):
    default_error_messages = {**REQUIRED, "invalid": "应当是一个列表"}  # noqa: RUF012

    def __init__(self, inner: fields.Field[Any], most: int, least: int = 0, **rest: Any) -> None:
        super().__init__(inner, validate=validate.Length(min=least, max=most, error=f"应当是 {least} 到 {most} 项"), **rest)


class Inner(fields.Nested):
    default_error_messages = {**REQUIRED, "type": "应当是一个对象"}  # noqa: RUF012


class Code(Text):
    """A region code or an item code: short ASCII."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(longest=40, shortest=1, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[0-9A-Za-z_:-]+", text, re.ASCII):
            raise ValidationError("只能由字母、数字和 - _ : 组成")
        return text


class Query(Wire):
    """Base of what stands in a query string, where every value is text."""


class Page(Query):
    """`cursor` is what the page before gave as `next`; it means nothing to a caller."""

    limit = Whole(1, 200, load_default=50)
    cursor = Text(200, load_default=None)


class LongPage(Page):
    """For short lists that most callers want whole."""

    limit = Whole(1, 200, load_default=200)
