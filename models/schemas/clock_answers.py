"""Time limits, the timetable and what is due, as answers."""

from functools import partial

from marshmallow import fields

from models.schemas.answers import Open, PointAnswer


class DeadlineAnswer(Open):
    label = fields.String(required=True)
    near_at = fields.AwareDateTime(required=True)
    at = fields.AwareDateTime(required=True)
    met_at = fields.AwareDateTime(required=True, allow_none=True)
    overdue_at = fields.AwareDateTime(required=True, allow_none=True)


DueAnswer = partial(fields.Dict, keys=fields.String(), values=fields.Nested(DeadlineAnswer), required=True)


class NeedCountsAnswer(Open):
    new = fields.Integer(required=True)
    unmatched = fields.Integer(required=True)
    by_hand = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    in_hand = fields.Integer(required=True)
    suspended = fields.Integer(required=True)
    near_due = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    to_review = fields.Integer(required=True)
    to_confirm = fields.Integer(required=True)


class RegionCountsAnswer(Open):
    region = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True, allow_none=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    in_hand = fields.Integer(required=True)
    to_confirm = fields.Integer(required=True)
    near_due = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    providers = fields.Integer(required=True)


class OverviewAnswer(Open):
    region = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    regions = fields.List(fields.Nested(RegionCountsAnswer), required=True)


class DeadlineRuleAnswer(Open):
    stage = fields.String(required=True)
    minutes = fields.Integer(required=True, allow_none=True)
    days = fields.Integer(required=True, allow_none=True)
    working = fields.Boolean(required=True)
    urgency = fields.Integer(required=True, allow_none=True)
    service = fields.String(required=True, allow_none=True)
    group = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)


class DepartmentRuleAnswer(Open):
    department = fields.String(required=True)
    minutes = fields.Integer(required=True)
    service = fields.String(required=True, allow_none=True)
    group = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)


class HoursAnswer(Open):
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")


class TimetableAnswer(Open):
    """Written back as it was read, with the version and a reason, it changes nothing but the version."""

    version = fields.Integer(required=True)
    rules = fields.List(fields.Nested(DeadlineRuleAnswer), required=True)
    hours = fields.Nested(HoursAnswer, required=True)
    holidays = fields.List(fields.String(), required=True)
    workdays = fields.List(fields.String(), required=True)
    departments = fields.List(fields.Nested(DepartmentRuleAnswer), required=True)
    stages = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
    reason = fields.String(required=True)
