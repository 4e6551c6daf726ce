"""Where a need stands, as an answer: neither its words nor anybody's name or place."""

from typing import Any

from matcher.dispatch.tracking import Tracked
from models.need_states import NEED_STATUS_LABELS

View = dict[str, Any]


def tracked_view(tracked: Tracked) -> View:
    status = tracked.need.status
    return {
        "number": tracked.number,
        "status": status,
        "status_label": NEED_STATUS_LABELS[status],
        "redone": tracked.need.redone,
        "stations": [{"code": each.code, "label": each.label, "state": each.state, "at": each.at} for each in tracked.stations],
    }
