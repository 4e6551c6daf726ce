"""Who may see and do what with a whistle, and how what happens to it is written down."""

from dataclasses import dataclass, replace
from typing import Any

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from matcher.understanding.masking import masked
from models.account import Principal, ProviderRef
from models.called_unit import CalledUnit
from models.errors import ForbiddenError, InvalidInputError, NotFoundError
from models.event import Event, event_of
from models.place import COMMUNITY_LENGTH
from models.whistle import Whistle


@dataclass(frozen=True, slots=True)
class WhistleFile:
    """A whistle with its events, cut to what the caller may see: a unit reads of itself and of the matter alone."""

    whistle: Whistle
    events: tuple[Event, ...] = ()


def cut(who: Principal, whistle: Whistle, events: list[Event]) -> WhistleFile:
    if who.oversees(whistle.region):
        return WhistleFile(whistle, tuple(events))
    own = whistle.find(who.provider)
    proposal = whistle.proposal if whistle.proposal and whistle.proposal.unit.ref == who.provider else None
    vetoes = tuple(veto for veto in whistle.vetoes if veto.proposal.unit.ref == who.provider)
    seen = as_called(replace(whistle, units=(own,) if own else (), proposal=proposal, vetoes=vetoes), own)
    told = (event for event in events if event.on_behalf_of in (None, str(who.provider)))
    return WhistleFile(seen, tuple(replace(event, why=_until_come(whistle, own, event.why)) for event in told))


def as_called(whistle: Whistle, own: CalledUnit | None) -> Whistle:
    """What a called unit reads. A need's words and place, and what was added to them, are private until it has come: before that it
    reads them down to the community and masked, as the provider of an offer does. What was called about no need is said to the units."""
    if not _is_private(whistle, own):
        return whistle
    return replace(
        whistle,
        region=whistle.region[:COMMUNITY_LENGTH],
        text=_until_come(whistle, own, whistle.text),
        note=_until_come(whistle, own, whistle.note),
        summary=_until_come(whistle, own, whistle.summary),
    )


def _is_private(whistle: Whistle, own: CalledUnit | None) -> bool:
    return whistle.need_id is not None and not (own and own.came)


def _until_come(whistle: Whistle, own: CalledUnit | None, words: str) -> str:
    return masked(words, *whistle.private) if _is_private(whistle, own) else words


async def visible_whistle(unit: UnitPort, who: Principal, whistle_id: str) -> Whistle:
    whistle = await unit.whistles.get(whistle_id)
    if whistle is None or not (who.oversees(whistle.region) or whistle.find(who.provider) is not None):
        raise NotFoundError("没有这次吹哨")
    return whistle


def require_caller(who: Principal, whistle: Whistle) -> None:
    if not whistle.may_be_closed_by(who):
        raise ForbiddenError("办结、评价和否决由吹哨的一方办理")


def unit_meant(who: Principal, ref: ProviderRef | None) -> ProviderRef:
    """A unit acts for itself alone; an overseer says for whom."""
    if who.is_overseer:
        if ref is None:
            raise InvalidInputError("请说明是哪个单位", {"unit": ["社区代办时必须填写"]})
        return ref
    if who.provider is None or ref not in (None, who.provider):
        raise NotFoundError("这次吹哨没有叫这个单位")
    return who.provider


async def happened(
    context: Context, unit: UnitPort, who: Principal, whistle: Whistle, action: str, own: ProviderRef | None = None, why: str = ""
) -> None:
    """`own` is the unit that it is about. The event stands in the whistle's history and not in the need's, which its resident
    and the providers who were offered it can read."""
    facts: dict[str, Any] = {"unit": whistle.require(own).unit.name} if own else {"units": len(whistle.units)}
    event = event_of(
        who,
        action,
        whistle.changed_at,
        f"whistle:{whistle.id}",
        id=context.store.new_id(),
        on_behalf_of=str(own) if own else None,
        region=whistle.region,
        why=why,
        facts=facts,
    )
    await unit.events.add(event)
