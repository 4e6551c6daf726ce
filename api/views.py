"""Entities as answers: plain dicts for orjson. What the caller may not see was decided before; here it is left out or masked."""

from typing import Any

from api.dispatch_views import order_life_view, progress_view
from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.dispatch.duplicates import Duplicate
from matcher.dispatch.intake import NeedFile
from matcher.dispatch.modes import Dispatched
from matcher.dispatch.ranking_desk import CandidateList, ExplainedCandidate, ExplainedStanding
from matcher.dispatch.reading import OrderFile
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import RULES
from matcher.ranking.traits import missing_traits
from matcher.tuning.profiles import scope_fact
from models.account import Account, Principal
from models.event import ACTION_LABELS, Event
from models.model_version import ModelInUse, ModelVersion
from models.need import NEED_STATUS_LABELS, Constraints, Evaluation, Need, Reading, Understanding
from models.notice import Received
from models.order import ORDER_STATUS_LABELS, Order
from models.organisation import Organisation
from models.place import Point, Region
from models.provider import Contact, Provider, ServiceConfidence
from models.quiet import QuietHours
from models.schedule import Slot, Window
from models.service_item import ServiceItem
from models.social_worker import SocialWorker
from models.vocabulary import Role, TargetGroup, label
from models.volunteer import Volunteer
from models.webhook import Webhook
from models.weights import Weights

View = dict[str, Any]
MOST_OFFERED = 3


def account_view(account: Account) -> View:
    return {"id": account.id, "role": account.role, "name": account.name, "region": account.region}


def me_view(who: Principal) -> View:
    provider = {"kind": who.provider.kind, "id": who.provider.id} if who.provider else None
    return {"id": who.account_id, "role": who.role, "name": who.name, "region": who.region, "provider": provider}


def point_view(point: Point | None) -> View | None:
    return {"lng": point.lng, "lat": point.lat} if point else None


def window_view(window: Window | None) -> View | None:
    return {"from": window.from_at, "to": window.to_at} if window else None


def services_view(services: tuple[ServiceConfidence, ...], catalogue: Catalogue) -> list[View]:
    return [
        {"code": each.code, "name": catalogue.name_of(each.code), "confidence": round(each.confidence, 4)} for each in services
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def slot_view(slot: Slot) -> View:
    return {"weekday": slot.weekday, "from": _clock(slot.start_minute), "to": _clock(slot.end_minute)}


def provider_view(provider: Provider, context: Context) -> View:
    view: View = {
        "kind": provider.kind,
        "id": provider.id,
        "name": provider.name,
        "version": provider.version,
        "skills": provider.skills,
        "bio": provider.bio,
        "region": provider.region,
        "region_name": context.regions.full_name(provider.region),
        "point": point_view(provider.point),
        "capacity": provider.capacity,
        "load": provider.load,
        "availability": [slot_view(slot) for slot in provider.availability],
        "contact": {"phone": provider.contact.phone, "address": provider.contact.address},
        "away_from": provider.away_from,
        "away_to": provider.away_to,
        "substitute": {"kind": provider.substitute.kind, "id": provider.substitute.id} if provider.substitute else None,
        "daily_offers": provider.offer_limits[0],
        "weekly_offers": provider.offer_limits[1],
        "services": services_view(provider.services, context.catalogue),
        "languages": provider.languages,
        "languages_read": provider.languages_read,
        "active": provider.active,
        "rating": round(1 + 4 * provider.rating_sum / provider.rating_count, 2) if provider.rating_count else None,
        "rating_count": provider.rating_count,
        "created_at": provider.created_at,
        "changed_at": provider.changed_at,
    }
    if not isinstance(provider, Organisation):
        view["gender"] = provider.gender
    if isinstance(provider, Volunteer):
        view["party_member"] = provider.party_member
    if isinstance(provider, SocialWorker):
        view["credential"] = provider.credential
    if isinstance(provider, Organisation):
        view["type"] = provider.type
        view["service_regions"] = provider.service_regions
    return view


def constraints_view(constraints: Constraints) -> View:
    return {
        "gender": constraints.gender,
        "languages": constraints.languages,
        "party_member": constraints.party_member,
        "labels": missing_traits(constraints, 0),
    }


def groups_view(groups: tuple[TargetGroup, ...]) -> list[View]:
    return [{"code": group, "name": label(group)} for group in groups]


def understanding_view(understanding: Understanding, context: Context) -> View:
    """`offered` are the likeliest items of what needs a person's look: what that person chooses from."""
    services = services_view(understanding.services, context.catalogue)
    return {
        "services": services,
        "urgency": understanding.urgency,
        "people": understanding.people,
        "window": window_view(understanding.window),
        "constraints": constraints_view(understanding.constraints),
        "for_whom": groups_view(understanding.for_whom),
        "places": [
            {
                "code": each.code,
                "name": context.regions.full_name(each.code),
                "confidence": each.confidence,
                "inside": each.inside,
            }
            for each in understanding.places
        ],
        "needs_review": understanding.needs_review,
        "offered": services[:MOST_OFFERED] if understanding.needs_review else [],
        "model_version": understanding.model_version,
        "corrected_by": understanding.corrected_by,
        "corrected_at": understanding.corrected_at,
        "said": reading_view(understanding.said, context.catalogue),
    }


def reading_view(said: Reading | None, catalogue: Catalogue) -> View | None:
    if said is None:
        return None
    return {
        "services": services_view(said.services, catalogue),
        "urgency": said.urgency,
        "people": said.people,
        "window": window_view(said.window),
    }


def contact_view(contact: Contact, visible: bool) -> View:
    shown = contact if visible else contact.masked()
    return {"name": shown.name, "phone": shown.phone, "address": shown.address}


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


def dispatched_view(done: Dispatched, context: Context) -> View:
    return {"orders": [order_view(order) for order in done.orders], "need": need_line_view(done.need, True, context)}


def order_file_view(file: OrderFile, context: Context) -> View:
    need = file.need
    return {
        **order_view(file.order),
        "need": {
            "text": need.text,
            "urgency": need.urgency,
            "region": need.region,
            "region_name": context.regions.full_name(need.region),
            "window": window_view(need.window),
            "constraints": constraints_view(need.constraints),
            "for_whom": groups_view(need.understanding.for_whom),
            "services": services_view(need.understanding.services, context.catalogue),
            "contact": contact_view(need.contact, file.contact_visible),
        },
    }


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


def candidate_view(each: ExplainedCandidate) -> View:
    return {
        "provider": {"kind": each.ref.kind, "id": each.ref.id, "name": each.name},
        "score": each.score,
        "contributions": {
            code: {"value": part.value, "weight": part.weight, "points": part.points} for code, part in each.contributions.items()
        },
        "distance_km": each.distance_km,
        "reason": each.reason,
    }


def standing_view(why: ExplainedStanding | None) -> View | None:
    if why is None:
        return None
    return {**candidate_view(why.candidate), "place": why.place, "lacking": dict(why.lacking)}


def candidates_view(found: CandidateList) -> View:
    return {
        "why": standing_view(found.why),
        "nearest_misses": {
            rule: {"provider": {"kind": miss.ref.kind, "id": miss.ref.id, "name": miss.name}, "lacking": miss.lacking}
            for rule, miss in found.nearest_misses.items()
        },
        "candidates": [candidate_view(each) for each in found.candidates],
        "eligible": found.eligible,
        "excluded": dict(found.excluded),
        "excluded_labels": {code: RULES[code].label for code in found.excluded},
        "weights": {"name": found.weights.name, "version": found.weights.version},
    }


def weights_view(weights: Weights) -> View:
    return {
        "name": weights.name,
        "version": weights.version,
        "criteria": dict(weights.criteria),
        "labels": {code: each.label for code, each in CRITERIA.items()},
        "changed_at": weights.changed_at,
        "changed_by": weights.changed_by,
        "reason": weights.reason,
        "applies_to": scope_fact(weights.applies_to),
    }


def models_view(versions: list[ModelVersion], in_use: ModelInUse) -> View:
    return {
        "in_use": in_use.version,
        "before": in_use.trail,
        "changed_at": in_use.changed_at,
        "changed_by": in_use.changed_by,
        "versions": [model_version_view(each) for each in versions],
    }


def model_version_view(version: ModelVersion) -> View:
    return {
        "version": version.id,
        "name": version.name,
        "made_at": version.made_at,
        "made_by": version.made_by,
        "examples": version.examples,
        "learned_until": version.learned_until,
        "note": version.note,
        "report": version.report,
    }


def service_item_view(item: ServiceItem) -> View:
    return {
        "code": item.code,
        "name": item.name,
        "group": item.group,
        "group_name": item.group_name,
        "covers": item.covers,
        "excludes": item.excludes,
        "skills": item.skills,
        "examples": item.examples,
        "credential": item.credential,
        "who": item.who,
        "urgency": item.urgency,
        "people": item.people,
    }


def region_view(region: Region) -> View:
    return {
        "code": region.code,
        "name": region.name,
        "level": region.level,
        "parent": region.parent,
        "point": point_view(region.point),
        "approximate": region.approximate,
    }


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
    return {"from": _clock(quiet.from_minute), "to": _clock(quiet.to_minute)}
