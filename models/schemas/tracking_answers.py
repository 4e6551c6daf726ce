"""Where a need stands, for those who never sign in, as an answer."""

from marshmallow import fields

from models.schemas.answers import Open


class StationAnswer(Open):
    code = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class TrackedAnswer(Open):
    number = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    redone = fields.Integer(required=True)
    stations = fields.List(fields.Nested(StationAnswer), required=True)
