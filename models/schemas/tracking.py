"""Wire shape of following a need without signing in."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from models.schemas.base import Text, Wire
from models.schemas.numbers import SaidNumber

TAIL_DIGITS = 4


class PhoneTail(Text):
    def __init__(self, **rest: Any) -> None:
        super().__init__(longest=TAIL_DIGITS, shortest=1, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not (len(text) == TAIL_DIGITS and text.isascii() and text.isdigit()):
            raise ValidationError("应当是手机号的最后四位数字")
        return text


class TrackShape(Wire):
    """`number` is a need's short one, or a need's or an order's id."""

    number = SaidNumber(required=True)
    phone_tail = PhoneTail(required=True)
