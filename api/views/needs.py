"""Needs as answers."""

from api.views.dispatching import progress_view
from api.views.orders import order_view
from api.views.shared import View, contact_view, event_view, point_view
from api.views.understanding import understanding_view
from matcher.dispatch.context import Context
from matcher.dispatch.duplicates import Duplicate
from matcher.dispatch.intake import NeedFile
from matcher.dispatch.modes import Dispatched
from models.event import ACTION_LABELS
from models.need import NEED_STATUS_LABELS, Evaluation, Need


def evaluation_view(evaluation: Evaluation | None) -> View | None:
    if evaluation is None:
        return None
    return {
        "responded": evaluation.responded,
        "resolved": evaluation.resolved,
        "satisfied": evaluation.satisfied,
        "score": evaluation.score,
        "comment": evaluation.comment,
        "by_role": evaluation.by_role,
        "at": evaluation.at,
    }


def need_line_view(need: Need, contact_visible: bool, context: Context) -> View:
    return {
        "id": need.id,
        "number": need.number,
        "text": need.text,
        "region": need.region,
        "region_name": context.regions.full_name(need.region),
        "point": point_view(need.point) if contact_visible else None,
        "contact": contact_view(need.contact, contact_visible),
        "channel": need.channel,
        "status": need.status,
        "status_label": NEED_STATUS_LABELS[need.status],
        "people": need.people,
        "taken": need.taken,
        "understanding": understanding_view(need.understanding, context),
        "revision": need.revision,
        "evaluation": evaluation_view(need.evaluation),
        "merged_into": need.merged_into,
        "merged": need.merged,
        **progress_view(need),
        "posted_at": need.posted_at,
        "changed_at": need.changed_at,
    }


def need_view(file: NeedFile, context: Context) -> View:
    return {
        **need_line_view(file.need, file.contact_visible, context),
        "orders": [order_view(order) for order in file.orders],
        "events": [event_view(event, file.contact_visible) for event in file.events],
        "kept": kept_view(file),
    }


def kept_view(file: NeedFile) -> View | None:
    """How far the need has come that this one was merged into: neither its words nor anybody's name or place."""
    if file.kept is None:
        return None
    kept, events = file.kept
    return {
        "id": kept.id,
        "status": kept.status,
        "status_label": NEED_STATUS_LABELS[kept.status],
        "people": kept.people,
        "taken": kept.taken,
        "steps": [{"label": ACTION_LABELS[each.action], "at": each.at} for each in events],
    }


def duplicate_view(each: Duplicate, context: Context) -> View:
    return {
        "need": need_line_view(each.need, False, context),
        "score": each.score,
        "alike": each.alike,
        "services": each.codes,
        "distance_km": each.distance_km,
        "hours_apart": each.hours_apart,
        "same_resident": each.same_resident,
        "reason": each.reason,
    }


def dispatched_view(done: Dispatched, context: Context) -> View:
    return {"orders": [order_view(order) for order in done.orders], "need": need_line_view(done.need, True, context)}
