"""Volunteers, social workers and organisations as answers."""

from marshmallow import fields

from models.schemas.answers import ContactAnswer, NamedProviderAnswer, Open, PointAnswer, ProviderRefAnswer, ServiceAnswer


class SlotAnswer(Open):
    weekday = fields.Integer(required=True)
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")


class ProviderAnswer(NamedProviderAnswer):
    version = fields.Integer(required=True)
    skills = fields.List(fields.String(), required=True)
    bio = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    point = fields.Nested(PointAnswer, required=True, allow_none=True)
    capacity = fields.Integer(required=True)
    load_ = fields.Integer(required=True, data_key="load")
    availability = fields.List(fields.Nested(SlotAnswer), required=True)
    contact = fields.Nested(ContactAnswer, required=True)
    away_from = fields.AwareDateTime(required=True, allow_none=True)
    away_to = fields.AwareDateTime(required=True, allow_none=True)
    substitute = fields.Nested(ProviderRefAnswer, required=True, allow_none=True)
    daily_offers = fields.Integer(required=True)
    weekly_offers = fields.Integer(required=True)
    services = fields.List(fields.Nested(ServiceAnswer), required=True)
    languages = fields.List(fields.String(), required=True)
    languages_read = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)
    rating = fields.Float(required=True, allow_none=True)
    rating_count = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class VolunteerAnswer(ProviderAnswer):
    gender = fields.String(required=True, allow_none=True)
    party_member = fields.Boolean(required=True)


class SocialWorkerAnswer(ProviderAnswer):
    gender = fields.String(required=True, allow_none=True)
    credential = fields.String(required=True)


class OrganisationAnswer(ProviderAnswer):
    type = fields.String(required=True)
    service_regions = fields.List(fields.String(), required=True)
