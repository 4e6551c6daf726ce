"""Wire shapes of the timetable."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from models import whistle
from models.clock import DeadlineRule, DepartmentRule, Hours, Span, Stage, TimetableDraft
from models.schemas.base import Clock, Code, Flag, Inner, Many, Term, Text, Whole, Wire

MOST_RULES, MOST_DEPARTMENTS = 200, 200
MOST_MINUTES, MOST_DAYS = 60 * 24 * 60, 366


class Day(Text):
    """A civil date as YYYY-MM-DD, of the years in which the calendar is known."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(longest=10, shortest=10, **rest)

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        try:
            text = super()._deserialize(value, *rest, **more)
            if not text.isascii() or not 2000 <= date.fromisoformat(text).year < 2100 or text[4] != "-":
                raise ValueError
        except (ValueError, ValidationError):
            if not isinstance(value, str):
                raise
            raise ValidationError("应当是日期，例如 2026-10-01") from None
        return text


class DeadlineRuleShape(Wire):
    """Either `minutes` or `days`; what is left out or null fits all needs."""

    stage = Term(Stage, required=True)
    minutes = Whole(1, MOST_MINUTES, load_default=None, allow_none=True)
    days = Whole(1, MOST_DAYS, load_default=None, allow_none=True)
    working = Flag(load_default=False)
    urgency = Whole(1, 4, load_default=None, allow_none=True)
    service = Code(load_default=None, allow_none=True)
    group = Code(load_default=None, allow_none=True)
    region = Code(load_default=None, allow_none=True)

    @validates_schema
    def one_span(self, data: dict[str, Any], **_: Any) -> None:
        if (data["minutes"] is None) == (data["days"] is None):
            raise ValidationError("分钟数和天数填一个，也只填一个", "minutes")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DeadlineRule:
        span = Span(data.pop("minutes") or 0, data.pop("days") or 0, data.pop("working"))
        return DeadlineRule(span=span, **data)


class DepartmentRuleShape(Wire):
    """`department` is the id of an organisation of type department; what is left out or null fits all needs."""

    department = Code(required=True)
    minutes = Whole(whistle.LEAST_MINUTES, whistle.MOST_MINUTES, load_default=whistle.USUAL_MINUTES)
    service = Code(load_default=None, allow_none=True)
    group = Code(load_default=None, allow_none=True)
    region = Code(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DepartmentRule:
        return DepartmentRule(**data)


class HoursShape(Wire):
    start_minute = Clock(required=True, data_key="from", metadata={"type": "string", "example": "08:30"})
    end_minute = Clock(required=True, data_key="to", metadata={"type": "string", "example": "17:30"})

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["start_minute"] >= data["end_minute"]:
            raise ValidationError("下班时间应当晚于上班时间", "to")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Hours:
        return Hours(**data)


class TimetableShape(Wire):
    """The whole table. `version` is the one that was read; `holidays` and `workdays` are the days that differ from the State
    Council's calendar; `departments`, left out, stay as they were."""

    version = Whole(0, 2**31, required=True)
    reason = Text(500, shortest=1, required=True)
    rules = Many(Inner(DeadlineRuleShape), most=MOST_RULES, least=1, required=True)
    hours = Inner(HoursShape, required=True)
    holidays = Many(Day(), most=366, load_default=list)
    workdays = Many(Day(), most=366, load_default=list)
    departments = Many(Inner(DepartmentRuleShape), most=MOST_DEPARTMENTS, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TimetableDraft:
        lists = ("rules", "holidays", "workdays", "departments")
        whole: dict[str, Any] = {
            name: tuple(value) if name in lists and value is not None else value for name, value in data.items()
        }
        return TimetableDraft(**whole)
