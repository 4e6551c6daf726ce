"""Shapes that several resources share."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from models.place import Point
from models.provider import Contact
from models.schedule import Slot, Window
from models.schemas.base import Clock, Code, Flag, Instant, Many, Number, Term, Text, Whole, Wire
from models.understanding import Constraints
from models.vocabulary import Gender, Language, ProviderKind


class PointShape(Wire):
    """WGS-84 degrees."""

    lng = Number(-180, 180, required=True)
    lat = Number(-90, 90, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Point:
        return Point(**data)


class WindowShape(Wire):
    from_at = Instant(required=True, data_key="from", metadata={"type": "string", "format": "date-time"})
    to_at = Instant(required=True, data_key="to", metadata={"type": "string", "format": "date-time"})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["from_at"] >= data["to_at"]:
            raise ValidationError("结束时间应当晚于开始时间", "to")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Window:
        return Window(**data)


class SlotShape(Wire):
    """Weekly hours in local time; hours past midnight are two slots."""

    weekday = Whole(1, 7, required=True)
    start_minute = Clock(required=True, data_key="from", metadata={"type": "string", "example": "18:00"})
    end_minute = Clock(required=True, data_key="to", metadata={"type": "string", "example": "21:00"})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["start_minute"] >= data["end_minute"]:
            raise ValidationError("结束时间应当晚于开始时间", "to")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Slot:
        return Slot(**data)


LEAST_DIGITS = 7


class Telephone(Text):
    """With as many digits as a number can be rung by; how they are set apart does not matter, and some may be masked."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(20, load_default="", **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and sum(each.isdecimal() for each in text) < LEAST_DIGITS:
            raise ValidationError("电话不完整，请写全，座机带区号")
        return text


class ContactShape(Wire):
    name = Text(40, load_default="")
    phone = Telephone()
    address = Text(200, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Contact:
        return Contact(**data)


class ReachShape(Wire):
    """How a provider is reached."""

    phone = Text(20, load_default="")
    address = Text(200, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Contact:
        return Contact(**data)


class ConstraintsShape(Wire):
    """What a helper must be or speak; stated, it stands in place of what the text says."""

    gender = Term(Gender, load_default=None, allow_none=True)
    languages = Many(Term(Language), most=len(Language), load_default=list)
    party_member = Flag(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Constraints:
        return Constraints(data["gender"], tuple(dict.fromkeys(data["languages"])), data["party_member"])


class ProviderRefShape(Wire):
    kind = Term(ProviderKind, required=True)
    id = Code(required=True)
