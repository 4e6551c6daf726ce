"""升级督办: when a clock runs out or nobody can be asked, those above are called, one level at a time."""

from typing import TYPE_CHECKING, Any

from matcher.dispatch.clocks.departments import call_department
from matcher.dispatch.telling import tell_escalated
from models.account import SYSTEM
from models.dispatching import ADMINISTRATORS, STREET_DIGITS, escalation_levels

if TYPE_CHECKING:
    from matcher.dispatch.case import Case

ADMINISTRATORS_NAME = "管理员"


async def escalate(case: "Case", why: str, facts: dict[str, Any] | None = None) -> bool:
    """False at the top, where nobody is left to call. Above the street the department is called whose matter it is by rule."""
    region = await _next_level(case)
    if region is None:
        return False
    case.escalated_to(region)
    name = ADMINISTRATORS_NAME if region == ADMINISTRATORS else case.context.regions.full_name(region)
    await case.happened(SYSTEM, "need.escalated", why, {"region": region, "region_name": name, **(facts or {})})
    await case.tell_overseers(*tell_escalated(case.context, case.need, region, why))
    if len(region) < STREET_DIGITS:
        await call_department(case, why)
    return True


async def _next_level(case: "Case") -> str | None:
    """The next level where other people sit than were called last, named by where they sit; the top in any case, once."""
    need, accounts = case.need, case.unit.accounts
    levels = escalation_levels(need.region, need.escalated_to)
    present = set(await accounts.overseers_of(need.region if need.escalated_to is None else need.escalated_to))
    if not levels or not present:
        return levels[0] if levels else None
    called: set[str] | None = None
    found = levels[-1]
    for level in levels:
        people = set(await accounts.overseers_of(level))
        if called is None and people == present:
            continue
        if called is not None and people != called:
            break
        called, found = people, level
    return found
