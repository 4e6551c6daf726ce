"""What a row of the columns holds of a provider, as numbers; how regions, words, telephones and instants become numbers."""

import hashlib
from datetime import datetime
from functools import lru_cache

import numpy as np

from matcher.ranking.traits import traits_of
from models.organisation import Organisation
from models.place import CODE_LENGTHS, Regions
from models.provider import Provider
from models.social_worker import SocialWorker
from models.vocabulary import ProviderKind
from models.volunteer import Volunteer
from models.workload import work_exponent

CODE_DIGITS = max(CODE_LENGTHS)
# How far each kind goes when it has named no regions, in km.
REACH_KM = {ProviderKind.VOLUNTEER: 5.0, ProviderKind.SOCIAL_WORKER: 10.0, ProviderKind.ORGANISATION: 10.0}
# Words whose number is remembered, some 150 bytes each.
MOST_WORDS = 1 << 16
PERSON_BYTES = 7


def region_number(code: str) -> int:
    """A region code as an integer of fifteen digits, so that regions above it are integer divisions."""
    return int(code.ljust(CODE_DIGITS, "0"))


def person_number(phone: str) -> int:
    """A phone number as a number that tells persons apart without keeping the phone; 0 for none."""
    if not phone:
        return 0
    return int.from_bytes(hashlib.blake2b(phone.encode(), digest_size=PERSON_BYTES).digest(), "big") or 1


def epoch_minute(at: datetime | None) -> int:
    """Minutes since 1970 fit into 32 bits until 6053; 0 for none."""
    return int(at.timestamp() // 60) if at else 0


@lru_cache(maxsize=MOST_WORDS)
def term_number(word: str) -> int:
    """A word as 32 bits that are the same in every process; two of a hundred thousand words may share a number."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big", signed=True)


def facts_of(provider: Provider, regions: Regions) -> dict[str, float]:
    """What stands in the columns of FIELDS, not yet in their stored numbers."""
    point = provider.point or regions.point_of(provider.region)
    # Who named regions serves these and no others; who named none goes as far as their kind does.
    bound = isinstance(provider, Organisation) and bool(provider.service_regions)
    return {
        "live": True,
        "active": provider.active,
        "party_member": isinstance(provider, Volunteer) and provider.party_member,
        "traits": traits_of(provider),
        "credential": provider.credential.rank if isinstance(provider, SocialWorker) else 0,
        "lng": point.lng if point else np.nan,
        "lat": point.lat if point else np.nan,
        "region": region_number(provider.region),
        "region_digits": len(provider.region),
        "reach_km": -1.0 if bound else REACH_KM[provider.kind],
        "capacity": provider.capacity,
        "load": provider.load,
        "rating_sum": provider.rating_sum,
        "rating_count": provider.rating_count,
        "answered": provider.answered,
        "accepted": provider.accepted_count,
        "work_exponent": work_exponent(provider.recent_work),
        **_budget(provider),
        "person": person_number(provider.contact.phone),
        "version": provider.version,
    }


def _budget(provider: Provider) -> dict[str, float]:
    """Counts stop at what eight bits hold: no limit is higher."""
    daily, weekly = provider.offer_limits
    return {
        "away_from": epoch_minute(provider.away_from),
        "away_to": epoch_minute(provider.away_to),
        "asked_day": provider.asked_day,
        "asked_today": provider.asked_today,
        "asked_week": provider.asked_week,
        "daily": daily,
        "weekly": weekly,
    }
