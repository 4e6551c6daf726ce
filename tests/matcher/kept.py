"""All that a database keeps of needs and orders, and what must hold of it at any moment."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from models.account import ProviderRef
from models.dispatching import ADMINISTRATORS, MOST_REDONE, Mode
from models.need import Need
from models.need_states import FINAL, WAITING, NeedStatus
from models.order import IN_HAND, PENDING, SERVING, Order, OrderStatus
from models.provider import Provider
from models.store import Store
from models.store.mapping import from_document
from models.vocabulary import ProviderKind

EVENT_OF = {
    OrderStatus.APPLIED: "order.applied",
    OrderStatus.ACCEPTED: "order.accepted",
    OrderStatus.STARTED: "order.started",
    OrderStatus.COMPLETED: "order.completed",
    OrderStatus.CONFIRMED: "order.confirmed",
    OrderStatus.DECLINED: "order.declined",
    OrderStatus.EXPIRED: "order.expired",
    OrderStatus.HANDED_BACK: "order.handed_back",
    OrderStatus.WITHDRAWN: "order.withdrawn",
    OrderStatus.FILLED: "order.filled",
    OrderStatus.OFFERED: "order.offered",
}
COLLECTIONS = {"volunteers": ProviderKind.VOLUNTEER, "social_workers": ProviderKind.SOCIAL_WORKER}


@dataclass
class Kept:
    """`timers` holds the kinds that each subject has, `told` the order and action of each event."""

    needs: list[Need] = field(default_factory=list)
    orders: dict[str, list[Order]] = field(default_factory=lambda: defaultdict(list))
    timers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    told: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    loads: dict[ProviderRef, int] = field(default_factory=dict)

    def orders_in(self, statuses: Collection[OrderStatus]) -> list[Order]:
        return [order for need in self.needs for order in self.orders[need.id] if order.status in statuses]


async def read(store: Store) -> Kept:
    """Everything in one question, for a database in which nobody writes meanwhile."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    marked = {name: [{"$set": {"_kept_in": name}}] for name in ("orders", "timers", "events", *COLLECTIONS)}
    others = [{"$unionWith": {"coll": name, "pipeline": stages}} for name, stages in marked.items()]
    async for row in await store.database["needs"].aggregate([{"$set": {"_kept_in": "needs"}}, *others]):
        rows[row["_kept_in"]].append(row)
    kept = Kept([from_document(each, Need) for each in sorted(rows["needs"], key=itemgetter("_id"))])
    for each in sorted(rows["orders"], key=itemgetter("_id")):
        kept.orders[each["need_id"]].append(from_document(each, Order))
    for each in rows["timers"]:
        kept.timers[each["subject"]].add(each["kind"])
    kept.told = Counter((each["order_id"], each["action"]) for each in rows["events"])
    kept.loads = {ProviderRef(kind, each["_id"]): each["load"] for name, kind in COLLECTIONS.items() for each in rows[name]}
    return kept


def hold(kept: Kept, people: list[Provider]) -> None:
    for need in kept.needs:
        orders = kept.orders[need.id]
        tallies_hold(need, orders)
        _is_watched(need, orders, kept)
        for order in orders:
            assert kept.told[order.id, "order.offered"] == 1
            assert kept.told[order.id, EVENT_OF[order.status]] == 1
    held = Counter(order.provider.ref for order in kept.orders_in(IN_HAND))
    for one in people:
        assert kept.loads[one.ref] == held[one.ref] <= one.capacity


def _is_watched(need: Need, orders: list[Order], kept: Kept) -> None:
    """Nothing waits without a timer or an owner, and no timer outlives what it was for."""
    kinds = kept.timers[f"need:{need.id}"]
    if need.status in WAITING:
        at_the_top = need.owner is not None and need.owner.region == ADMINISTRATORS
        assert "need_unattended" in kinds or at_the_top
    assert ("need_confirm" in kinds) == (need.status == NeedStatus.COMPLETED)
    assert ("need_resume" in kinds) == (need.status == NeedStatus.SUSPENDED)
    applied = [order for order in orders if order.status == OrderStatus.APPLIED]
    if applied and need.status != NeedStatus.SUSPENDED:
        assert "applications_close" in kinds
    if need.status in FINAL:
        assert kinds == set()
    for order in orders:
        running = order.status == OrderStatus.OFFERED and order.mode != Mode.WINDOW
        assert bool(kept.timers[f"order:{order.id}"]) == (running and need.status != NeedStatus.SUSPENDED)


def tallies_hold(need: Need, orders: list[Order]) -> None:
    mine = [order for order in orders if order.round == need.round]
    assert all(order.status not in PENDING | IN_HAND for order in orders if order.round < need.round)
    assert need.taken == sum(order.status in SERVING for order in mine) <= need.people
    assert need.done == sum(order.status in (OrderStatus.COMPLETED, OrderStatus.CONFIRMED) for order in mine)
    assert need.started == need.done + sum(order.status == OrderStatus.STARTED for order in mine)
    assert need.offers_open == sum(order.status in PENDING for order in mine)
    assert need.settled().status == need.status
    assert need.redone <= MOST_REDONE
    assert all((order.service_minutes is not None) == (order.status == OrderStatus.CONFIRMED) for order in orders)
    assert len({(order.round, order.provider.ref) for order in orders}) == len(orders)
