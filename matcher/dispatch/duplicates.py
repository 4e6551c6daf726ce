"""Which open needs may tell of the same thing: same place, same kind, like words, about the same time. Suggested, never decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from matcher.dispatch.context import Context, visible_need
from matcher.understanding.alike import LEAST_IN_COMMON, likeness, seem_one, services_in_common
from models.account import Principal
from models.need import Need
from models.need_states import UNFINISHED_NEEDS
from models.vocabulary import Channel

RADIUS_KM = 0.3
APART = timedelta(hours=72)
# Read and compared at most, newest first: more in one community within three days is a flood of one kind of need.
MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`score` orders the suggestions and is mostly `alike`; `distance_km` None where either need has no point."""

    need: Need
    score: float
    alike: float
    codes: tuple[str, ...]
    distance_km: float | None
    hours_apart: float
    same_resident: bool
    reason: str


class Duplicates:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def of(self, who: Principal, need_id: str, limit: int) -> list[Duplicate]:
        """The likeliest first; nothing for a need that is finished or merged."""
        store = self._context.store
        need = await visible_need(store, who, need_id)
        if need.status not in UNFINISHED_NEEDS:
            return []
        near = await store.needs.nearby(
            need.region, need.point, RADIUS_KM, (need.posted_at - APART, need.posted_at + APART), MOST_COMPARED
        )
        found = self._compared(need, [other for other in near if other.id != need.id and who.oversees(other.region)])
        return sorted(found, key=lambda each: (-each.score, each.need.id))[:limit]

    def _compared(self, need: Need, others: Iterable[Need]) -> list[Duplicate]:
        understander = self._context.understander
        gist = understander.gist(need.text)
        found = []
        for other in others:
            common = services_in_common(need.understanding.services, other.understanding.services)
            if sum(common.values()) < LEAST_IN_COMMON:
                continue  # most others are of another kind: their words need not be compared
            alike = likeness(gist, understander.gist(other.text))
            same_resident = is_same_resident(need, other)
            if seem_one(common, alike, same_resident=same_resident):
                found.append(self._suggested(need, other, alike, tuple(common), same_resident))
        return found

    def _suggested(self, need: Need, other: Need, alike: float, codes: tuple[str, ...], same_resident: bool) -> Duplicate:
        distance_km = need.point.distance_km(other.point) if need.point and other.point else None
        hours = abs(need.posted_at - other.posted_at) / timedelta(hours=1)
        nearness = 0.5 if distance_km is None else max(0.0, 1 - distance_km / (2 * RADIUS_KM))
        recency = 1 - hours / (APART / timedelta(hours=1))
        score = 0.7 * alike + 0.15 * nearness + 0.05 * recency + 0.1 * same_resident
        parts = [
            "同一位居民" if same_resident else "",
            f"都像是“{self._context.catalogue.name_of(codes[0])}”",
            "同一社区" if distance_km is None else f"相距 {distance_km * 1000:.0f} 米",
            f"前后差 {hours:.0f} 小时" if hours >= 1 else "前后不到 1 小时",
            f"说法相近 {alike:.0%}",
        ]
        reason = "，".join(part for part in parts if part)
        return Duplicate(other, round(score, 4), round(alike, 4), codes, distance_km, round(hours, 2), same_resident, reason)


def is_same_resident(need: Need, other: Need) -> bool:
    """The same telephone, or posted from the same resident's account."""
    same_account = need.posted_by == other.posted_by and need.channel == other.channel == Channel.RESIDENT
    return same_account or bool(need.contact.phone and need.contact.phone == other.contact.phone)
