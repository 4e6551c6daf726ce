"""Orders as answers."""

from marshmallow import fields

from models.schemas.answers import ContactAnswer, NamedProviderAnswer, Open, PointAnswer, ServiceAnswer, WindowAnswer
from models.schemas.clock_answers import DueAnswer
from models.schemas.understanding_answers import ConstraintsAnswer, GroupAnswer


class NeedBriefAnswer(Open):
    number = fields.String(required=True)
    constraints = fields.Nested(ConstraintsAnswer, required=True)
    for_whom = fields.List(fields.Nested(GroupAnswer), required=True)
    text = fields.String(required=True)
    urgency = fields.Integer(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    window = fields.Nested(WindowAnswer, required=True, allow_none=True)
    services = fields.List(fields.Nested(ServiceAnswer), required=True)
    contact = fields.Nested(ContactAnswer, required=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)


class OrderAnswer(Open):
    id = fields.String(required=True)
    need_id = fields.String(required=True)
    region = fields.String(required=True)
    provider = fields.Nested(NamedProviderAnswer, required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    note = fields.String(required=True)
    reason = fields.String(required=True)
    summary = fields.String(required=True)
    offered_at = fields.AwareDateTime(required=True)
    accepted_at = fields.AwareDateTime(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    mode = fields.String(required=True)
    mode_label = fields.String(required=True)
    round = fields.Integer(required=True)
    place = fields.String(required=True)
    place_label = fields.String(required=True)
    stands_in_for = fields.String(required=True, allow_none=True)
    decline_reason = fields.String(required=True, allow_none=True)
    decline_reason_label = fields.String(required=True)
    service_minutes = fields.Integer(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    applied_at = fields.AwareDateTime(required=True, allow_none=True)
    due = DueAnswer()
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)


class OrderFileAnswer(OrderAnswer):
    """`distance_km` is told to the order's own provider."""

    distance_km = fields.Float(required=True, allow_none=True)
    need = fields.Nested(NeedBriefAnswer, required=True)
