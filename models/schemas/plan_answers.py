"""Shapes of answers about plans."""

from marshmallow import fields

from models.schemas.answers import NamedProviderAnswer, Open


class WorthAnswer(Open):
    total = fields.Float(required=True)
    bound = fields.Float(required=True)
    gap = fields.Float(required=True)
    greedy = fields.Float(required=True)
    first_come = fields.Float(required=True)


class PlanLineAnswer(Open):
    id = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    needs = fields.Integer(required=True)
    unreviewed = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    unmet_places = fields.Integer(required=True)
    worth = fields.Nested(WorthAnswer, required=True)
    summary = fields.String(required=True)
    weights = fields.String(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    proposed_by = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True)


class PlannedOfferAnswer(Open):
    need = fields.String(required=True)
    provider = fields.Nested(NamedProviderAnswer, required=True)
    score = fields.Float(required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    order = fields.String(required=True, allow_none=True)
    refused = fields.String(required=True)


class UnmetNeedAnswer(Open):
    need = fields.String(required=True)
    places = fields.Integer(required=True)
    why = fields.String(required=True)
    why_label = fields.String(required=True)
    eligible = fields.Integer(required=True)
    excluded = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class PlanAnswer(PlanLineAnswer):
    offers = fields.List(fields.Nested(PlannedOfferAnswer), required=True)
    unmet = fields.List(fields.Nested(UnmetNeedAnswer), required=True)
