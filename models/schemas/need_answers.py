"""Needs, how they are being dispatched and how they were closed, as answers."""

from typing import Any

from marshmallow import fields

from models.schemas.answers import ContactAnswer, EventAnswer, Open, PointAnswer
from models.schemas.clock_answers import DueAnswer
from models.schemas.order_answers import OrderAnswer
from models.schemas.understanding_answers import UnderstandingAnswer


class EvaluationAnswer(Open):
    responded = fields.Boolean(required=True)
    resolved = fields.Boolean(required=True)
    satisfied = fields.Boolean(required=True)
    score = fields.Integer(required=True)
    comment = fields.String(required=True)
    by_role = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class DispatchingAnswer(Open):
    mode = fields.String(required=True)
    mode_label = fields.String(required=True)
    asked = fields.Integer(required=True)
    at_most = fields.Integer(required=True)
    k = fields.Integer(required=True)
    roles = fields.List(fields.String(), required=True)
    offer_minutes = fields.Integer(required=True, allow_none=True)
    closes_at = fields.AwareDateTime(required=True, allow_none=True)


class UnmatchedAnswer(Open):
    excluded = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    excluded_labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class OwnerAnswer(Open):
    name = fields.String(required=True)
    region = fields.String(required=True)
    since_at = fields.AwareDateTime(required=True)
    why = fields.String(required=True)


class SuspensionAnswer(Open):
    reason = fields.String(required=True)
    until = fields.AwareDateTime(required=True)
    at = fields.AwareDateTime(required=True)


class HandlingAnswer(Open):
    name = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    summary = fields.String(required=True)


class NeedLineAnswer(Open):
    """`number` is the short one that people say and type; empty for what was kept before there were any."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    text = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    contact = fields.Nested(ContactAnswer, required=True)
    channel = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    people = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    revision = fields.Integer(required=True)
    understanding = fields.Nested(UnderstandingAnswer, required=True)
    evaluation = fields.Nested(EvaluationAnswer, required=True, allow_none=True)
    merged_into = fields.String(required=True, allow_none=True)
    merged = fields.List(fields.String(), required=True)
    round = fields.Integer(required=True)
    redone = fields.Integer(required=True)
    dispatching = fields.Nested(DispatchingAnswer, required=True, allow_none=True)
    unmatched = fields.Nested(UnmatchedAnswer, required=True, allow_none=True)
    owner = fields.Nested(OwnerAnswer, required=True, allow_none=True)
    suspension = fields.Nested(SuspensionAnswer, required=True, allow_none=True)
    handling = fields.Nested(HandlingAnswer, required=True, allow_none=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    closing_reason = fields.String(required=True)
    due = DueAnswer()
    near_at = fields.AwareDateTime(required=True, allow_none=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    escalated_to = fields.String(required=True, allow_none=True)
    posted_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class DispatchAnswer(OrderAnswer):
    """Without `mode` the order and nothing else; with it `orders` and `need` and nothing else."""

    orders = fields.List(fields.Nested(OrderAnswer))
    need = fields.Nested(NeedLineAnswer)

    def __init__(self, **rest: Any) -> None:
        super().__init__(partial=True, **rest)


class StepAnswer(Open):
    label = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class KeptAnswer(Open):
    id = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    people = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    steps = fields.List(fields.Nested(StepAnswer), required=True)


class DuplicateAnswer(Open):
    need = fields.Nested(NeedLineAnswer, required=True)
    score = fields.Float(required=True)
    alike = fields.Float(required=True)
    services = fields.List(fields.String(), required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    hours_apart = fields.Float(required=True)
    same_resident = fields.Boolean(required=True)
    reason = fields.String(required=True)


class DuplicatesAnswer(Open):
    duplicates = fields.List(fields.Nested(DuplicateAnswer), required=True)


class NeedAnswer(NeedLineAnswer):
    kept = fields.Nested(KeptAnswer, required=True, allow_none=True)
    orders = fields.List(fields.Nested(OrderAnswer), required=True)
    events = fields.List(fields.Nested(EventAnswer), required=True)
