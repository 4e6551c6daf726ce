"""派单继续: what automatic dispatch does next, in the transaction of whatever has just happened."""

from dataclasses import replace

from matcher.dispatch.applying import closing_when_heard
from matcher.dispatch.by_hand import take_over, tell_nobody
from matcher.dispatch.case import Case
from matcher.dispatch.finding import Found, next_of_list, next_of_ranking
from matcher.dispatch.making import make_offer
from models.account import SYSTEM
from models.dispatching import MODE_LABELS, Dispatching, Mode, TeamRole
from models.need_states import NEED_TRANSITIONS, NeedAction
from models.order import PENDING, SERVING


async def advance(case: Case) -> None:
    """Asks whom it is time to ask. When enough have been asked, or nobody is left, a person takes the need over."""
    plan = case.need.dispatching
    if case.need.status not in NEED_TRANSITIONS[NeedAction.OFFER] or not case.need.places_left:
        return
    if plan is None:
        if case.need.worn_out and not case.need.offers_open:
            await take_over(case, f"已有 {case.need.refused} 次无人承接")
        return
    excluded: dict[str, int] | None = None
    for role in _openings(case, plan):
        if case.need.worn_out or plan.asked >= plan.at_most:
            break
        found = await _next(case, plan, role)
        if found.provider is None:
            excluded = found.excluded
            plan = replace(plan, queue=found.queue)
            continue
        plan = replace(plan, asked=plan.asked + 1, queue=found.queue)
        await _offer(case, plan, found, role)
    plan = await closing_when_heard(case, plan)
    case.need = replace(case.need, dispatching=plan)
    if case.need.offers_open:
        return
    if excluded is not None and not plan.listed:
        await tell_nobody(case, excluded)
    else:
        await take_over(case, f"{MODE_LABELS[plan.mode]}已派 {plan.asked} 次，没有人承接")


def _openings(case: Case, plan: Dispatching) -> list[TeamRole | None]:
    """For each offer that is to be made now its role; None outside a team."""
    need = case.need
    if plan.mode == Mode.TEAM:
        held = {order.place for order in case.orders if order.status in PENDING | SERVING}
        return [role for role in plan.roles if role.name not in held]
    if plan.mode == Mode.SEQUENCE:
        return [None] * (need.places_left - need.offers_open)
    return [None] * (0 if need.offers_open else plan.best)


async def _next(case: Case, plan: Dispatching, role: TeamRole | None) -> Found:
    if plan.listed:
        return await next_of_list(case, plan.queue)
    return await next_of_ranking(case, plan, role)


async def _offer(case: Case, plan: Dispatching, found: Found, role: TeamRole | None) -> None:
    assert found.provider is not None
    by = replace(SYSTEM, account_id=plan.started_by)
    await make_offer(
        case,
        by,
        found.provider,
        mode=plan.mode,
        note=plan.note,
        place=role.name if role else "",
        minutes=plan.offer_minutes,
        closes_at=plan.closes_at if plan.mode == Mode.WINDOW else None,
        stands_in_for=found.stands_in_for,
    )
