"""点单: a need comes in, is understood and kept; and how needs are read again."""

from dataclasses import dataclass, replace
from datetime import datetime

from matcher.dispatch.case import Case
from matcher.dispatch.context import Context, as_seen, events_as_seen, may_see_contact, may_see_need, narrowed, own_order
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_posted
from matcher.dispatch.told import events_as_told, need_as_told, orders_as_told
from matcher.understanding.understander import Stated
from models.account import Principal
from models.acquaintance import resident_keys
from models.errors import InvalidInputError, NotFoundError
from models.event import Event, event_of
from models.need import Need, NeedPosting
from models.need_filter import NeedFilter
from models.order import Order
from models.understanding import Understanding
from models.vocabulary import OVERSEER_ROLES, Channel, Role


@dataclass(frozen=True, slots=True)
class NeedFile:
    """A need with its orders and events, cut to what the caller may see; `contact_visible` False means: mask it.

    `kept` is the need that this one was merged into, with its events: only what it has come to may be shown of it.
    """

    need: Need
    orders: tuple[Order, ...]
    events: tuple[Event, ...]
    contact_visible: bool
    kept: tuple[Need, tuple[Event, ...]] | None = None


class Intake:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def post_need(self, who: Principal, posting: NeedPosting, told_with: Need | None = None) -> NeedFile:
        """`told_with`: the need in whose words this one stood, too: it is the same resident's."""
        context = self._context
        at = context.now()
        understanding = self._heard(who, posting, at)
        need = Need(
            id=context.store.new_id(),
            text=posting.text,
            region=posting.region,
            point=posting.point,
            contact=posting.contact,
            channel=posting.channel,
            posted_by=told_with.posted_by if told_with else who.account_id,
            resident_keys=told_with.resident_keys if told_with else resident_keys(who, posting.contact.phone),
            understanding=understanding,
            people=understanding.people,
            posted_at=at,
            changed_at=at,
        )
        event = event_of(
            who, "need.posted", at, f"need:{need.id}", id=context.store.new_id(), need_id=need.id, region=need.region
        )

        async def work(unit: UnitPort) -> Need:
            numbered = replace(need, number=await unit.needs.free_number())
            posted = await Case(context, unit, at, numbered, [], new=True).save()
            await unit.events.add(event)
            if told_with is not None:
                await unit.events.add(_split_event(context, who, told_with, posted))
            await unit.outbox.add(*tell_posted(context, posted))
            return posted

        return NeedFile(await context.store.transact(work), (), (event,), contact_visible=True)

    async def preview(self, who: Principal, posting: NeedPosting) -> Understanding:
        """What would be understood; nothing is kept. Refuses what posting refuses."""
        return self._heard(who, posting, self._context.now())

    def _heard(self, who: Principal, posting: NeedPosting, at: datetime) -> Understanding:
        self._context.regions.require(posting.region)
        self._require_standing(who, posting)
        stated = Stated(posting.urgency, posting.people, posting.window, posting.constraints)
        return self._context.understand(posting.text, posting.region, stated, at)

    async def get_need(self, who: Principal, need_id: str) -> NeedFile:
        store = self._context.store
        need = await store.needs.get(need_id)
        orders = await store.orders.of_need(need_id) if need else []
        if need is None or not may_see_need(who, need, orders):
            raise NotFoundError("没有这条需求")
        events, visible = await store.events.of_need(need_id), may_see_contact(who, need, orders)
        if who.is_provider:
            mine = own_order(who, orders)
            orders, events = [mine] if mine else [], events_as_seen(need, mine, events, visible)
        elif not who.oversees(need.region):
            need, orders, events = need_as_told(need), orders_as_told(orders), events_as_told(who, orders, events)
        return NeedFile(as_seen(who, need, visible), tuple(orders), tuple(events), visible, await self._kept(need))

    async def _kept(self, need: Need) -> tuple[Need, tuple[Event, ...]] | None:
        store = self._context.store
        kept = await store.needs.get(need.merged_into) if need.merged_into else None
        return (kept, tuple(await store.events.of_need(kept.id))) if kept else None

    async def list_needs(self, who: Principal, wanted: NeedFilter, limit: int, before: str | None) -> list[NeedFile]:
        """Newest first, or in the order of review. What the caller may see is part of the query, so that a page is always full."""
        scoped = await self._scope(who, wanted)
        needs = await self._context.store.needs.list(scoped, limit, before)
        seen = (as_seen(who, need_as_told(need) if who.role == Role.RESIDENT else need, False) for need in needs)
        return [NeedFile(need, (), (), contact_visible=False) for need in seen]

    async def _scope(self, who: Principal, wanted: NeedFilter) -> NeedFilter:
        if who.role in OVERSEER_ROLES:
            return replace(wanted, region=narrowed(who.scope, wanted.region))
        if who.is_provider:
            ids = await self._context.store.orders.need_ids_of(who.provider) if who.provider else ()
            return replace(wanted, ids=ids)
        return replace(wanted, posted_by=who.account_id)

    def _require_standing(self, who: Principal, posting: NeedPosting) -> None:
        if who.role == Role.RESIDENT and posting.channel != Channel.RESIDENT:
            raise InvalidInputError("居民只能以居民身份点单", {"channel": ["居民点单请填 resident"]})
        if who.is_overseer and not who.oversees(posting.region):
            raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})


def _split_event(context: Context, who: Principal, need: Need, part: Need) -> Event:
    facts = {"need": part.id}
    return event_of(
        who,
        "need.split",
        part.posted_at,
        f"need:{need.id}",
        id=context.store.new_id(),
        need_id=need.id,
        why=part.text,
        facts=facts,
    )
