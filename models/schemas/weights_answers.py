"""Weight profiles as answers."""

from marshmallow import fields

from models.schemas.answers import Open


class WeightsNameAnswer(Open):
    name = fields.String(required=True)
    version = fields.Integer(required=True)


class AppliesToAnswer(Open):
    group = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)


class WeightsAnswer(WeightsNameAnswer):
    criteria = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    changed_at = fields.AwareDateTime(required=True)
    changed_by = fields.String(required=True)
    reason = fields.String(required=True)
    applies_to = fields.Nested(AppliesToAnswer, required=True, allow_none=True)
