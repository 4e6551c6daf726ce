"""A need's number as people type it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from models.need_number import is_right, looks_like_number, plain
from models.schemas.base import Code


class SaidNumber(Code):
    """A need's short number, as it may be said: with blanks or hyphens, in full width; or an id. Gives it as it is kept."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(plain(value.strip()) if isinstance(value, str) else value, attr, data, **kwargs)
        if looks_like_number(text) and not is_right(text):
            raise ValidationError("编号里有一位不对，请再核对一遍")
        return text
