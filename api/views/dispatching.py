"""How a need is being dispatched, who has it in hand and why it waits, as answers."""

from api.views.clocks import due_view
from api.views.shared import View
from matcher.ranking.eligibility import RULES
from models.dispatching import MODE_LABELS, PLACE_LABELS, Dispatching, Handling, Owner, Place, Suspension
from models.need import Need
from models.order import DECLINE_REASON_LABELS, Order


def progress_view(need: Need) -> View:
    """What the whole life of a need adds to its line."""
    return {
        "round": need.round,
        "redone": need.redone,
        "dispatching": dispatching_view(need.dispatching),
        "unmatched": unmatched_view(need),
        "owner": owner_view(need.owner),
        "suspension": suspension_view(need.suspension),
        "handling": handling_view(need.handling),
        "confirmed_at": need.confirmed_at,
        "closing_reason": need.closing_reason,
        "due": due_view(need.due),
        "near_at": need.near_at,
        "due_at": need.due_at,
        "escalated_to": need.escalated_to,
    }


def dispatching_view(plan: Dispatching | None) -> View | None:
    if plan is None:
        return None
    return {
        "mode": plan.mode,
        "mode_label": MODE_LABELS[plan.mode],
        "asked": plan.asked,
        "at_most": plan.at_most,
        "k": plan.best,
        "roles": [role.name for role in plan.roles],
        "offer_minutes": plan.offer_minutes,
        "closes_at": plan.closes_at,
    }


def unmatched_view(need: Need) -> View | None:
    if need.unmatched is None:
        return None
    labels = {code: RULES[code].label for code in need.unmatched if code in RULES}
    return {"excluded": dict(need.unmatched), "excluded_labels": labels}


def owner_view(owner: Owner | None) -> View | None:
    return {"name": owner.name, "region": owner.region, "since_at": owner.since_at, "why": owner.why} if owner else None


def suspension_view(pause: Suspension | None) -> View | None:
    return {"reason": pause.reason, "until": pause.until, "at": pause.at} if pause else None


def handling_view(handling: Handling | None) -> View | None:
    return {"name": handling.name, "at": handling.at, "summary": handling.summary} if handling else None


def order_life_view(order: Order) -> View:
    """What the whole life of an order adds to it."""
    code = order.decline_reason
    return {
        "mode": order.mode,
        "mode_label": MODE_LABELS[order.mode],
        "round": order.round,
        "place": order.place,
        "place_label": PLACE_LABELS[Place(order.place)] if order.place in set(Place) else order.place,
        "stands_in_for": order.stands_in_for,
        "decline_reason": code,
        "decline_reason_label": DECLINE_REASON_LABELS[code] if code else "",
        "service_minutes": order.service_minutes,
        "expires_at": order.expires_at,
        "applied_at": order.applied_at,
        "due": due_view(order.due),
        "confirmed_at": order.confirmed_at,
    }
