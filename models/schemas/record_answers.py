"""What a provider is told of themself, as an answer."""

from marshmallow import fields

from models.schemas.answers import Open


class OutcomeAnswer(Open):
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    count = fields.Integer(required=True)


class RecordAnswer(Open):
    """`service_minutes` counts confirmed orders alone; `rating` is a mean from 1 to 5, null where nobody has judged."""

    offered = fields.Integer(required=True)
    outcomes = fields.List(fields.Nested(OutcomeAnswer), required=True)
    service_minutes = fields.Integer(required=True)
    rating = fields.Float(required=True, allow_none=True)
    rating_count = fields.Integer(required=True)
