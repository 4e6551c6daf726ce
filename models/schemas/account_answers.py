"""Who is signed in, as an answer."""

from marshmallow import fields

from models.schemas.answers import Open, ProviderRefAnswer


class AccountAnswer(Open):
    id = fields.String(required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)
    region = fields.String(required=True, allow_none=True)


class SessionAnswer(Open):
    token = fields.String(required=True)
    account = fields.Nested(AccountAnswer, required=True)


class MeAnswer(AccountAnswer):
    provider = fields.Nested(ProviderRefAnswer, required=True, allow_none=True)


class KeptAccountAnswer(MeAnswer):
    username = fields.String(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class PasswordAnswer(Open):
    password = fields.String(required=True)
