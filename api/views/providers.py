"""Volunteers, social workers and organisations as answers."""

from api.views.shared import View, clock_text, point_view, services_view
from matcher.dispatch.context import Context
from models.organisation import Organisation
from models.provider import Provider
from models.schedule import Slot
from models.social_worker import SocialWorker
from models.volunteer import Volunteer


def slot_view(slot: Slot) -> View:
    return {"weekday": slot.weekday, "from": clock_text(slot.start_minute), "to": clock_text(slot.end_minute)}


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
