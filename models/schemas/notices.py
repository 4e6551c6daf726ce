"""Wire shapes of notices."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from models.quiet import QuietHours
from models.schedule import DAY_MINUTES
from models.schemas.base import Clock, Code, Flag, Page, Query, Text, Wire


class NoticeQuery(Page):
    unread = Flag(load_default=False)


class StreamQuery(Query):
    """What a page shows: of a need, of a whistle, of the desk of all that the caller oversees or of a region in it."""

    need = Code(load_default=None)
    whistle = Code(load_default=None)
    desk = Flag(load_default=False)
    region = Code(load_default=None)

    @validates_schema
    def require_desk(self, data: dict[str, Any], **_: Any) -> None:
        if data["region"] is not None and not data["desk"]:
            raise ValidationError("只和 desk=true 一起用", "region")


class ReadShape(Wire):
    to = Code(required=True)


class WebhookShape(Wire):
    url = Text(500, shortest=1, required=True)


class QuietHoursShape(Wire):
    """Local hours; past midnight when the first is the later one."""

    from_minute = Clock(required=True, data_key="from", metadata={"type": "string", "example": "22:00"})
    to_minute = Clock(required=True, data_key="to", metadata={"type": "string", "example": "07:00"})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> QuietHours:
        return QuietHours(data["from_minute"] % DAY_MINUTES, data["to_minute"] % DAY_MINUTES)
