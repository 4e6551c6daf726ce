"""Notices, quiet hours and webhooks as answers."""

from marshmallow import fields

from models.schemas.answers import Open


class NoticeAnswer(Open):
    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    label = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    need_id = fields.String(required=True, allow_none=True)
    order_id = fields.String(required=True, allow_none=True)
    whistle_id = fields.String(required=True, allow_none=True)
    urgency = fields.Integer(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class ReadCountAnswer(Open):
    read = fields.Integer(required=True)


class QuietHoursAnswer(Open):
    start = fields.String(required=True, data_key="from")
    end = fields.String(required=True, data_key="to")


class WebhookAnswer(Open):
    id = fields.String(required=True)
    url = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)
    disabled_at = fields.AwareDateTime(required=True, allow_none=True)


class NewWebhookAnswer(WebhookAnswer):
    secret = fields.String(required=True)
