"""Wire shapes of notices."""

from typing import Any

from marshmallow import post_load

from models.quiet import QuietHours
from models.schedule import DAY_MINUTES
from models.schemas.base import Clock, Code, Flag, Page, Text, Wire


class NoticeQuery(Page):
    unread = Flag(load_default=False)


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
