"""What the answers of several resources have in common."""

from typing import Any

from matcher.catalogue import Catalogue
from models.event import ACTION_LABELS, Event
from models.place import Point
from models.provider import Contact, ServiceConfidence
from models.schedule import Window
from models.vocabulary import Role, label

View = dict[str, Any]


def point_view(point: Point | None) -> View | None:
    return {"lng": point.lng, "lat": point.lat} if point else None


def window_view(window: Window | None) -> View | None:
    return {"from": window.from_at, "to": window.to_at} if window else None


def services_view(services: tuple[ServiceConfidence, ...], catalogue: Catalogue) -> list[View]:
    return [
        {"code": each.code, "name": catalogue.name_of(each.code), "confidence": round(each.confidence, 4)} for each in services
    ]


def clock_text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def contact_view(contact: Contact, visible: bool) -> View:
    shown = contact if visible else contact.masked()
    return {"name": shown.name, "phone": shown.phone, "address": shown.address}


def event_view(event: Event, names_visible: bool) -> View:
    """A resident is named only to those who may know whom they serve."""
    return {
        "id": event.id,
        "action": event.action,
        "label": ACTION_LABELS[event.action],
        "at": event.at,
        "by_role": event.by_role,
        "by_name": event.by_name if names_visible or event.by_role != Role.RESIDENT else label(Role.RESIDENT),
        "order_id": event.order_id,
        "on_behalf_of": event.on_behalf_of,
        "why": event.why,
        "facts": dict(event.facts),
    }


def logged_view(event: Event) -> View:
    return {**event_view(event, True), "subject": event.subject, "need_id": event.need_id}
