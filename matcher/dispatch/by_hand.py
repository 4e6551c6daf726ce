"""兜底: when dispatch brings nobody, the need gets a named owner, and those above are told when it stays where it is."""

from matcher.dispatch.case import Case
from matcher.dispatch.clocks.departments import call_department
from matcher.dispatch.clocks.escalation import escalate
from matcher.dispatch.telling import tell_by_hand
from models.account import SYSTEM
from models.dispatching import ADMINISTRATORS, Owner, next_owner_region
from models.need import Need
from models.need_states import NEED_TRANSITIONS, NeedAction
from models.vocabulary import Role

# Which role oversees a level, by the digits of its code.
ROLE_OF = {12: Role.COMMUNITY, 9: Role.STREET, 0: Role.ADMIN}


async def take_over(case: Case, why: str) -> None:
    """To the community first, then to the level above the present owner. Nothing happens where nobody is above, or to a need
    on which people have done all that was begun."""
    need = case.need
    region = next_owner_region(need.region, need.owner.region if need.owner else None)
    if region is None or need.status not in NEED_TRANSITIONS[NeedAction.TAKE_OVER]:
        return
    owner = await owner_of(case, region, why)
    case.need = need.taken_over(owner)
    await case.happened(SYSTEM, "need.taken_over", why, {"owner": owner.name, "region": region})
    if not await _called_already(case, need, region):
        await case.tell_overseers(*tell_by_hand(case.context, case.need, region, why))
    if region == ADMINISTRATORS:
        await call_department(case, why)


async def _called_already(case: Case, need: Need, region: str) -> bool:
    """Those who dispatch were asked to see to it when nobody was found: that the first of them is its owner now tells them nothing."""
    if need.unmatched is None or need.owner is not None:
        return False
    accounts = case.unit.accounts
    return set(await accounts.overseers_of(region)) == set(await accounts.overseers_of(need.region))


async def owner_of(case: Case, region: str, why: str) -> Owner:
    """The person who oversees exactly this region; where there is none, the region itself."""
    account = await case.unit.accounts.overseer_of(ROLE_OF[len(region)], region or None)
    name = account.name if account else "管理员" if region == ADMINISTRATORS else case.context.regions.full_name(region)
    return Owner(region, account.id if account else None, name, case.at, why)


async def tell_nobody(case: Case, excluded: dict[str, int]) -> None:
    """无人可派: kept with how many fell to each rule, told to the region's overseers, and the first time to those above."""
    if case.need.status not in NEED_TRANSITIONS[NeedAction.UNMATCH]:
        return
    found_before = case.need.unmatched is not None
    case.need = case.need.found_nobody(excluded)
    await case.happened(SYSTEM, "need.unmatched", "没有符合条件的人", {"excluded": dict(excluded)})
    await case.tell_overseers(*tell_by_hand(case.context, case.need, case.need.region, "没有符合条件的人可派"))
    if not found_before:
        await escalate(case, "没有符合条件的人可派")
