"""What was understood of a text, as an answer."""

from marshmallow import fields

from models.schemas.answers import Open, ServiceAnswer, WindowAnswer


class ConstraintsAnswer(Open):
    gender = fields.String(required=True, allow_none=True)
    languages = fields.List(fields.String(), required=True)
    party_member = fields.Boolean(required=True)
    labels = fields.List(fields.String(), required=True)


class GroupAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)


class RescueAnswer(Open):
    number = fields.String(required=True)
    label = fields.String(required=True)


class PlaceAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    confidence = fields.Float(required=True)
    inside = fields.Boolean(required=True)


class ReadingAnswer(Open):
    services = fields.List(fields.Nested(ServiceAnswer), required=True)
    urgency = fields.Integer(required=True)
    people = fields.Integer(required=True)
    window = fields.Nested(WindowAnswer, required=True, allow_none=True)


class UnderstandingAnswer(Open):
    services = fields.List(fields.Nested(ServiceAnswer), required=True)
    urgency = fields.Integer(required=True)
    people = fields.Integer(required=True)
    window = fields.Nested(WindowAnswer, required=True, allow_none=True)
    constraints = fields.Nested(ConstraintsAnswer, required=True)
    for_whom = fields.List(fields.Nested(GroupAnswer), required=True)
    places = fields.List(fields.Nested(PlaceAnswer), required=True)
    rescue = fields.List(fields.Nested(RescueAnswer), required=True)
    apart = fields.List(fields.Nested(GroupAnswer), required=True)
    missed = fields.Nested(WindowAnswer, required=True, allow_none=True)
    needs_review = fields.Boolean(required=True)
    offered = fields.List(fields.Nested(ServiceAnswer), required=True)
    model_version = fields.String(required=True)
    corrected_by = fields.String(required=True, allow_none=True)
    corrected_at = fields.AwareDateTime(required=True, allow_none=True)
    said = fields.Nested(ReadingAnswer, required=True, allow_none=True)
