"""Orders as answers."""

from api.views.dispatching import order_life_view
from api.views.shared import View, contact_view, point_view, services_view, window_view
from api.views.understanding import constraints_view, groups_view
from matcher.dispatch.context import Context
from matcher.dispatch.reading import OrderFile
from models.order import ORDER_STATUS_LABELS, Order


def order_view(order: Order) -> View:
    return {
        "id": order.id,
        "need_id": order.need_id,
        "region": order.region,
        "provider": {"kind": order.provider.kind, "id": order.provider.id, "name": order.provider.name},
        "status": order.status,
        "status_label": ORDER_STATUS_LABELS[order.status],
        "note": order.note,
        "reason": order.reason,
        "summary": order.summary,
        "offered_at": order.offered_at,
        "accepted_at": order.accepted_at,
        "started_at": order.started_at,
        "completed_at": order.completed_at,
        **order_life_view(order),
    }


def order_file_view(file: OrderFile, context: Context) -> View:
    need = file.need
    return {
        **order_view(file.order),
        "distance_km": file.distance_km,
        "need": {
            "number": need.number,
            "text": need.text,
            "urgency": need.urgency,
            "region": need.region,
            "region_name": context.regions.full_name(need.region),
            "window": window_view(need.window),
            "constraints": constraints_view(need.constraints),
            "for_whom": groups_view(need.understanding.for_whom),
            "services": services_view(need.understanding.services, context.catalogue),
            "contact": contact_view(need.contact, file.contact_visible),
            "point": point_view(need.point) if file.contact_visible else None,
        },
    }
