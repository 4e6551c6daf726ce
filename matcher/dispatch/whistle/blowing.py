"""吹哨: what an overseer says becomes a whistle with its called units."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.whistle.calling import callable_squads, callable_units
from models.account import Principal, ProviderRef
from models.called_unit import CalledUnit, SquadName
from models.errors import InvalidInputError, TransitionNotAllowedError
from models.need import Need
from models.need_states import FINISHED_NEEDS, NEED_STATUS_LABELS
from models.place import lies_within
from models.provider import ProviderSummary
from models.whistle import MOST_CALLED, USUAL_MINUTES, Whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """About a need, in its words or the caller's own, or about no need; without `region` it is the need's."""

    region: str | None = None
    need_id: str | None = None
    text: str = ""
    units: tuple[ProviderRef, ...] = ()
    squads: tuple[str, ...] = ()
    minutes: int = USUAL_MINUTES
    note: str = ""


async def made(context: Context, unit: UnitPort, who: Principal, blow: Blow, at: datetime) -> Whistle:
    need = await _need_of(unit, who, blow)
    region = blow.region or (need.region if need else "")
    context.regions.require(region)
    if not who.oversees(region):
        raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})
    if need is not None and not lies_within(need.region, region):
        raise InvalidInputError("需求不在这个区划", {"region": ["需求不在这个区划"]})
    return Whistle(
        id=context.store.new_id(),
        region=region,
        text=blow.text or (need.text if need else ""),
        units=await _called(unit, who, blow, region, at + timedelta(minutes=blow.minutes)),
        minutes=blow.minutes,
        called_at=at,
        called_by=who.account_id,
        caller_name=who.name,
        caller_scope=who.scope or "",
        changed_at=at,
        need_id=need.id if need else None,
        note=blow.note,
        private=need.contact.said if need else (),
    )


async def _need_of(unit: UnitPort, who: Principal, blow: Blow) -> Need | None:
    if blow.need_id is None:
        return None
    need = await unit.needs.get(blow.need_id)
    if need is None or not who.oversees(need.region):
        raise InvalidInputError("没有这条需求", {"need": ["没有这条需求"]})
    if need.status in FINISHED_NEEDS:
        raise TransitionNotAllowedError(f"需求目前是“{NEED_STATUS_LABELS[need.status]}”，不用吹哨", present_status=need.status)
    return need


async def _called(unit: UnitPort, who: Principal, blow: Blow, region: str, due_at: datetime) -> tuple[CalledUnit, ...]:
    """Everybody once: who is called by name and is on a squad too is called by name."""
    called: dict[ProviderRef, tuple[ProviderSummary, SquadName | None]] = {}
    for squad in await callable_squads(unit, who, blow.squads, "squads"):
        for member in squad.members:
            called.setdefault(member.ref, (member, SquadName(squad.id, squad.name)))
    for summary in await callable_units(unit, who, region, blow.units, "units"):
        called[summary.ref] = (summary, None)
    if len(called) > MOST_CALLED:
        raise InvalidInputError("叫的单位太多", {"units": [f"一次吹哨最多叫 {MOST_CALLED} 个单位和队员"]})
    return tuple(CalledUnit(unit=summary, squad=squad, due_at=due_at) for summary, squad in called.values())
