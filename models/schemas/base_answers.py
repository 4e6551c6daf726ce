"""Service items, regions and the state of the service, as answers."""

from marshmallow import fields

from models.schemas.answers import Open, PointAnswer


class ServiceItemAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.String(required=True)
    group_name = fields.String(required=True)
    covers = fields.String(required=True)
    excludes = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)
    examples = fields.List(fields.String(), required=True)
    credential = fields.String(required=True)
    who = fields.List(fields.String(), required=True)
    urgency = fields.Integer(required=True)
    people = fields.Integer(required=True)


class RegionAnswer(Open):
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    approximate = fields.Boolean(required=True)


class HealthAnswer(Open):
    status = fields.String(required=True)


class ReadyAnswer(HealthAnswer):
    providers = fields.Integer(required=True)
    behind_seconds = fields.Float(required=True)
    model_version = fields.String(required=True)
