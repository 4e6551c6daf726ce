"""What a provider is told of themself, as an answer."""

from api.views.shared import View
from matcher.dispatch.reading import Record
from models.order import ORDER_STATUS_LABELS


def record_view(record: Record) -> View:
    return {
        "offered": record.offered,
        "outcomes": [
            {"status": status, "status_label": words, "count": record.outcomes[status]}
            for status, words in ORDER_STATUS_LABELS.items()
            if status in record.outcomes
        ],
        "service_minutes": record.service_minutes,
        "rating": round(record.stars, 2) if record.stars else None,
        "rating_count": record.provider.rating_count,
    }
