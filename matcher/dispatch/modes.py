"""派单方式: how dispatch is begun in each mode. What follows is in `advance`, with whatever happens to the offers."""

from dataclasses import dataclass, replace
from datetime import datetime

from matcher.dispatch.advance import advance
from matcher.dispatch.case import Case, case_of
from matcher.dispatch.choosing import FAIR_DAYS, Applicant, give_places
from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.finding import fits_role, ranked
from matcher.dispatch.making import make_offer
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.roles import WARM_HEART
from matcher.dispatch.teams import BREADTH, Member, find_team, free_minutes, why_no_team
from matcher.dispatch.timers import on_timer, subject_id
from matcher.dispatch.whistle.calling import callable_squads
from models.account import SYSTEM, Principal, ProviderRef
from models.dispatching import MODE_LABELS, MOST_REFUSALS, Dispatching, Mode, TeamRole
from models.errors import CapacityReachedError, InvalidInputError, NoTeamError, PlacesTakenError, TransitionNotAllowedError
from models.need import Need, NeedAction
from models.order import Order, OrderAction, OrderStatus
from models.timer import Timer, TimerKind

BEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRequest:
    """`best` is how many are asked at once, `at_most` how many in all; None takes the mode's own number."""

    mode: Mode
    providers: tuple[ProviderRef, ...] = ()
    squad: str | None = None
    best: int | None = None
    at_most: int | None = None
    offer_minutes: int | None = None
    closes_at: datetime | None = None
    roles: tuple[TeamRole, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The offers that this call made; none where nobody is eligible, and then the need says so."""

    need: Need
    orders: tuple[Order, ...]


class Modes:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def dispatch(self, who: Principal, need_id: str, request: DispatchRequest) -> Dispatched:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Dispatched:
            await visible_need(unit, who, need_id)
            case = await case_of(context, unit, need_id, at)
            known = {order.id for order in case.orders}
            _require_room(case.need)
            plan = plan_of(who, await with_members(unit, who, request), at)
            case.need = replace(case.need, dispatching=plan, refused=0)
            await case.happened(who, "need.dispatched", request.note, {"mode": str(plan.mode), "at_most": plan.at_most})
            if plan.mode == Mode.TEAM:
                await _call_team(case, who, plan)
            else:
                await advance(case)
            need = await case.save()
            return Dispatched(need, tuple(order for order in case.orders if order.id not in known))

        return await context.store.transact(work)


async def with_members(unit: UnitPort, who: Principal, request: DispatchRequest) -> DispatchRequest:
    """A squad is asked as the list of its members, after those who are named."""
    if request.squad is None:
        return request
    [squad] = await callable_squads(unit, who, [request.squad], "squad")
    return replace(request, providers=(*request.providers, *(member.ref for member in squad.members)))


def plan_of(who: Principal, request: DispatchRequest, at: datetime) -> Dispatching:
    """The mode's own numbers where the caller named none. Raises InvalidInputError for applications that close before they open."""
    mode, listed = request.mode, bool(request.providers)
    best = len(request.providers) if listed and mode != Mode.SEQUENCE else request.best or (1 if mode == Mode.SEQUENCE else BEST)
    roles = (request.roles or WARM_HEART) if mode == Mode.TEAM else ()
    usual = {Mode.SEQUENCE: MOST_REFUSALS, Mode.WINDOW: best, Mode.TEAM: len(roles) + MOST_REFUSALS}.get(mode, 2 * best)
    if mode == Mode.WINDOW and (request.closes_at is None or request.closes_at <= at):
        raise InvalidInputError("限时报名要有以后的截止时间", {"closes_at": ["应当晚于现在"]})
    return Dispatching(
        mode=mode,
        started_by=who.account_id,
        at_most=request.at_most or (max(usual, len(request.providers)) if listed else usual),
        best=best,
        listed=listed,
        queue=tuple(dict.fromkeys(str(ref) for ref in request.providers)),
        roles=roles,
        offer_minutes=request.offer_minutes,
        closes_at=request.closes_at if mode == Mode.WINDOW else None,
        note=request.note,
    )


def _require_room(need: Need) -> None:
    need.require(NeedAction.OFFER)
    if not need.places_left:
        raise PlacesTakenError(f"需要的 {need.people} 人已经齐了，不用再派单", present_status=need.status)
    if need.dispatching is not None and need.offers_open:
        label = MODE_LABELS[need.dispatching.mode]
        raise TransitionNotAllowedError(f"正在{label}，等它有了结果再换派单方式", present_status=need.status)


async def _call_team(case: Case, who: Principal, plan: Dispatching) -> None:
    """A team comes as a whole: the need has as many places as roles."""
    if case.need.taken or case.need.offers_open:
        raise TransitionNotAllowedError("已经派过单的需求不能再组队", present_status=case.need.status)
    members = [await _members(case, role) for role in plan.roles]
    team = find_team(plan.roles, members, case.need.window)
    if team is None:
        raise NoTeamError(f"凑不成队：{why_no_team(plan.roles, members)}")
    case.need = replace(case.need, people=len(plan.roles), dispatching=replace(plan, asked=len(plan.roles)))
    for role, ref in zip(plan.roles, team.members, strict=True):
        provider = await case.unit.providers.get(ref)
        assert provider is not None
        await make_offer(case, who, provider, mode=Mode.TEAM, note=plan.note, place=role.name, minutes=plan.offer_minutes)


async def _members(case: Case, role: TeamRole) -> list[Member]:
    """The role's best whom the database still agrees to."""
    asked = tuple(order.provider.ref for order in case.orders)
    found = []
    for candidate in (await ranked(case, role, asked, 10 * BREADTH)).candidates:
        provider = await case.unit.providers.get(candidate.ref)
        if provider is not None and fits_role(case, provider, role):
            found.append(Member(candidate.ref, candidate.score, free_minutes(provider.availability)))
        if len(found) == BREADTH:
            break
    return found


@on_timer(TimerKind.APPLICATIONS_CLOSE)
async def applications_close(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    case = await case_of(context, unit, subject_id(timer), at)
    plan = case.need.dispatching
    if plan is None or plan.mode != Mode.WINDOW:
        return
    waiting = [order for order in case.unfinished if order.mode == Mode.WINDOW]
    for applicant in give_places(await _applicants(case, [each for each in waiting if each.status == OrderStatus.APPLIED])):
        await _choose(case, applicant.order_id)
    for order in waiting:
        if case.order(order.id).status == OrderStatus.OFFERED:
            await case.act(SYSTEM, order.id, OrderAction.EXPIRE)
    # Whoever gives a place back later is followed by the next of the ranking.
    case.need = replace(
        case.need,
        dispatching=replace(
            plan, mode=Mode.SEQUENCE, best=1, closes_at=None, listed=False, queue=(), at_most=plan.asked + MOST_REFUSALS
        ),
    )
    await advance(case)
    await case.save()


async def _choose(case: Case, order_id: str) -> None:
    """Those for whom no place is left were closed with the last one."""
    if case.order(order_id).status != OrderStatus.APPLIED:
        return
    try:
        await case.act(SYSTEM, order_id, OrderAction.ACCEPT)
    except CapacityReachedError:
        await case.act(SYSTEM, order_id, OrderAction.WITHDRAW, reason="承接量已满")


async def _applicants(case: Case, applied: list[Order]) -> list[Applicant]:
    refs = {order.provider.ref for order in applied}
    others = tuple(order.provider.ref for order in case.orders if order.provider.ref not in refs)
    ranking = await ranked(case, None, others, case.context.columns.size or 1)
    places = {each.ref: place for place, each in enumerate((each for each in ranking.candidates if each.ref in refs), 1)}
    return [
        Applicant(
            order.id,
            places.get(order.provider.ref, len(refs) + 1),
            await case.unit.orders.taken_since(order.provider.ref, case.at - FAIR_DAYS),
            order.applied_at or order.offered_at,
        )
        for order in applied
    ]
