"""Notices, quiet hours and webhooks as answers."""

from api.views.shared import View, clock_text
from models.notice import Received
from models.quiet import QuietHours
from models.webhook import Webhook


def notice_view(notice: Received) -> View:
    return {
        "id": notice.id,
        "seq": notice.seq,
        "at": notice.at,
        "kind": notice.kind,
        "label": notice.kind.label,
        "title": notice.title,
        "text": notice.text,
        "need_id": notice.need_id,
        "order_id": notice.order_id,
        "whistle_id": notice.whistle_id,
        "urgency": notice.urgency,
        "read_at": notice.read_at,
    }


def webhook_view(webhook: Webhook) -> View:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "created_at": webhook.created_at,
        "failing_since": webhook.failing_since,
        "disabled_at": webhook.disabled_at,
    }


def quiet_hours_view(quiet: QuietHours) -> View:
    return {"from": clock_text(quiet.from_minute), "to": clock_text(quiet.to_minute)}
