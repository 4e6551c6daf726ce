"""Versions of the model as answers."""

from marshmallow import fields

from models.schemas.answers import Open


class ModelVersionAnswer(Open):
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    made_by = fields.String(required=True)
    examples = fields.Integer(required=True)
    learned_until = fields.AwareDateTime(required=True, allow_none=True)
    note = fields.String(required=True)
    report = fields.Dict(required=True, allow_none=True)


class ModelsAnswer(Open):
    in_use = fields.Integer(required=True)
    before = fields.List(fields.Integer(), required=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)
    changed_by = fields.String(required=True)
    versions = fields.List(fields.Nested(ModelVersionAnswer), required=True)
