"""What every family of use cases stands on, and who may see what. Built once, shared, without state of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks
from matcher.dispatch.ports import StorePort, UnitPort
from matcher.ranking.columns import Columns
from matcher.understanding.extract.places import NO_PLACES, Gazetteer
from matcher.understanding.masking import masked
from matcher.understanding.understander import Stated, Understander
from models.account import NOWHERE, Principal
from models.acquaintance import Served
from models.clock import COMPLEX, LIFELINES, default_timetable
from models.errors import ForbiddenError, NotFoundError
from models.event import Event
from models.need import Need
from models.order import Order
from models.place import Regions
from models.provider import Provider, ServiceConfidence
from models.understanding import Understanding
from models.weights import Weights, profile_for, scopes_of

DISTRICT_DIGITS = 6


@dataclass(slots=True, eq=False)
class Context:
    """`understander` and `clocks` are exchanged whole when another model or timetable is put to use; all else stays.

    `now` is a function, so that a test can drive the clock; `decision_days` is how long decisions are kept."""

    store: StorePort
    understander: Understander
    catalogue: Catalogue
    regions: Regions
    columns: Columns
    now: Callable[[], datetime]
    decision_days: int = 400
    gazetteer: Gazetteer = NO_PLACES
    clocks: Clocks = field(default_factory=lambda: Clocks(default_timetable(LIFELINES + COMPLEX)))

    def understand(self, text: str, region: str, stated: Stated, at: datetime) -> Understanding:
        """What a text posted for a region means, with the places that it names. Pure; ~1 ms."""
        understanding = self.understander.understand(text, stated, at)
        return replace(understanding, places=self.gazetteer.mentions(self.understander.plain(text), region))


def require_everywhere(who: Principal, what: str) -> None:
    """For what counts in every region. Raises ForbiddenError for an administrator of one."""
    if who.scope is not None:
        raise ForbiddenError(f"{what}只由不限辖区的管理员修改")


def own_order(who: Principal, orders: list[Order]) -> Order | None:
    """The latest order of this need that the caller was offered, if any."""
    return next((order for order in reversed(orders) if who.provider is not None and order.provider.ref == who.provider), None)


def may_see_need(who: Principal, need: Need, orders: list[Order]) -> bool:
    return who.oversees(need.region) or need.is_owned_by(who) or own_order(who, orders) is not None


def may_see_contact(who: Principal, need: Need, orders: list[Order]) -> bool:
    """A provider learns whom to ring only by accepting."""
    if who.oversees(need.region) or need.is_owned_by(who):
        return True
    mine = own_order(who, orders)
    return mine is not None and mine.serves


def as_seen(who: Principal, need: Need, contact_visible: bool) -> Need:
    """A provider who does not serve the resident reads the words, whoever wrote them, without the telephone and door numbers and the
    resident's name that stand in them; and not how others' work was judged."""
    if contact_visible or not who.is_provider:
        return need
    owner, pause, handling, said = need.owner, need.suspension, need.handling, need.contact.said
    return replace(
        need,
        text=masked(need.text, *said),
        closing_reason=masked(need.closing_reason, *said),
        owner=replace(owner, why=masked(owner.why, *said)) if owner else None,
        suspension=replace(pause, reason=masked(pause.reason, *said)) if pause else None,
        handling=replace(handling, summary=masked(handling.summary, *said)) if handling else None,
        evaluation=None,
    )


def events_as_seen(need: Need, own: Order | None, events: Sequence[Event], contact_visible: bool) -> list[Event]:
    """What a provider reads of a need's history: of themselves and of the need, with the words as in `as_seen`."""
    told = [event for event in events if event.order_id is None or (own and event.order_id == own.id)]
    if contact_visible:
        return told
    said = need.contact.said
    return [replace(event, why=masked(event.why, *said)) for event in told if event.action != "need.evaluated"]


def may_act_for(who: Principal, order: Order) -> bool:
    return who.is_self(order.provider.ref) or who.oversees(order.region)


def may_see_provider(who: Principal, provider: Provider) -> bool:
    return who.is_self(provider.ref) or who.oversees(provider.region)


async def visible_need(unit: UnitPort, who: Principal, need_id: str) -> Need:
    need = await unit.needs.get(need_id)
    if need is None or not may_see_need(who, need, await unit.orders.of_need(need_id) if who.is_provider else []):
        raise NotFoundError("没有这条需求")
    return need


async def order_to_act_on(unit: UnitPort, who: Principal, order_id: str) -> Order:
    order = await unit.orders.get(order_id)
    if order is None or not may_act_for(who, order):
        raise NotFoundError("没有这张工单")
    return order


async def need_of(unit: UnitPort, order: Order) -> Need:
    need = await unit.needs.get(order.need_id)
    if need is None:
        raise NotFoundError("没有这条需求")
    return need


async def weights_for(context: Context, unit: UnitPort, region: str, services: Sequence[ServiceConfidence]) -> Weights:
    """The profile that ranks a need unasked: the likeliest item's group and the region decide."""
    group = context.catalogue.group_of(services)
    holders = await unit.weights.holders(scopes_of(region, group))
    return await weights_named(unit, profile_for(holders, region, group))


async def weights_named(unit: UnitPort, name: str) -> Weights:
    weights = await unit.weights.get(name)
    if weights is None:
        raise NotFoundError(f"没有名为 {name} 的权重方案")
    return weights


async def served_before(unit: UnitPort, need: Need) -> tuple[Served, ...]:
    """Who served this need's resident before, in the same district: what one district knows of somebody is not the next one's to read."""
    return await unit.orders.who_served(need.resident_keys, need.region[:DISTRICT_DIGITS])


def narrowed(own: str | None, wanted: str | None) -> str | None:
    """The smaller of the caller's region and the asked one; a region outside the caller's own finds nothing, like one that is not there."""
    if own is None or wanted is None:
        return wanted if own is None else own
    if wanted.startswith(own):
        return wanted
    return own if own.startswith(wanted) else NOWHERE
