"""After the storm: what was acknowledged is there, what is there is told, and nothing happened twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from matcher.dispatch.case import is_timed
from matcher.dispatch.order_steps import EVENTS
from models.dispatching import Mode
from models.need_states import NeedStatus
from models.order import IN_HAND, ORDER_TRANSITIONS, SERVING, OrderAction, OrderStatus
from models.store import Store
from models.timer import TimerKind
from tests.proofs.lives import Ledger

ACTIONS = {event: action for action, event in EVENTS.items()}
Documents = list[dict[str, Any]]


class Books:
    """Everything that is kept, read once."""

    def __init__(self, rows: dict[str, Documents]) -> None:
        self.needs = {need["_id"]: need for need in rows["needs"]}
        self.orders = {order["_id"]: order for order in rows["orders"]}
        self.timers = {timer["_id"] for timer in rows["timers"]}
        self.outbox, self.notices, self.volunteers = rows["outbox"], rows["notices"], rows["volunteers"]
        self.events = Counter((each["action"], each["order_id"] or each["need_id"]) for each in rows["events"])


async def books_of(store: Store) -> Books:
    names = ("needs", "orders", "events", "timers", "outbox", "notices", "volunteers")
    return Books({name: [each async for each in store.database[name].find({})] for name in names})


def losses(books: Books, ledger: Ledger) -> list[str]:
    """What was acknowledged and is not there."""
    due = Counter(ledger.acknowledged)
    return [
        f"{count} × {what} acknowledged, {books.events[what]} kept" for what, count in due.items() if books.events[what] < count
    ]


def faults(books: Books, ledger: Ledger) -> list[str]:
    checks = (_doubled, _untold, _unwatched, _miscounted, _orders_apart_from_events, _needs_apart_from_events)
    return [*ledger.faults, *_posted_twice(books, ledger), *(fault for check in checks for fault in check(books))]


def _posted_twice(books: Books, ledger: Ledger) -> Iterator[str]:
    kept = Counter(need["contact"]["name"] for need in books.needs.values())
    yield from (f"need {mark} is there {kept[mark]} times" for mark in ledger.marks if kept[mark] > 1)


def _orders_apart_from_events(books: Books) -> Iterator[str]:
    """Each order stands where its events lead by the table of transitions; no event without its order."""
    happened = defaultdict(set)
    for action, subject in books.events:
        if action in ACTIONS:
            happened[subject].add(ACTIONS[action])
    for id, order in books.orders.items():
        if books.events["order.offered", id] != 1 or not _leads(OrderStatus.OFFERED, happened[id], order["status"]):
            yield f"order {id} is {order['status']} after {sorted(happened[id])}"
    yield from (f"order {id} is not there after {actions}" for id, actions in happened.items() if id not in books.orders)


def _leads(start: OrderStatus, actions: set[OrderAction], end: str) -> bool:
    """Whether these actions, in some order, lead from one status to the other."""
    if not actions:
        return start == end
    steps = [(action, to) for (status, action), to in ORDER_TRANSITIONS.items() if status == start and action in actions]
    return any(_leads(to, actions - {action}, end) for action, to in steps)


def _needs_apart_from_events(books: Books) -> Iterator[str]:
    for id, need in books.needs.items():
        if books.events["need.posted", id] != 1:
            yield f"need {id} was posted {books.events['need.posted', id]} times"
        if books.events["need.suspended", id] != books.events["need.resumed", id]:
            yield f"need {id} is {need['status']}: it was not resumed as often as suspended"
        serving = [each for each in books.orders.values() if each["need_id"] == id and each["round"] == need["round"]]
        if need["taken"] != sum(each["status"] in SERVING for each in serving):
            yield f"need {id} counts {need['taken']} who took it"


def _doubled(books: Books) -> Iterator[str]:
    """An order's step is taken once: so a timer fires once."""
    yield from (f"{count} × {what}" for what, count in books.events.items() if what[0] in ACTIONS and count > 1)


def _untold(books: Books) -> Iterator[str]:
    """Each order's event has its rows in the outbox, and each row came into every inbox it is for, once."""
    rows = Counter((row["kind"], row["order_id"]) for row in books.outbox if row["kind"].startswith("order."))
    spoken = {what for what in books.events if what[0].startswith("order.") and what[0] != EVENTS[OrderAction.APPLY]}
    yield from (f"{what} was never told" for what in spoken if not rows[what])
    yield from (f"{what} was told and did not happen" for what in rows if what not in spoken)
    yield from (f"outbox row {row['_id']} was not delivered" for row in books.outbox if "done_at" not in row)
    due: Counter[tuple[str, ...]] = Counter()
    for row in books.outbox:
        due[row["kind"], row["need_id"], row["order_id"]] += row.get("told", 0)
    received = Counter((each["kind"], each["need_id"], each["order_id"]) for each in books.notices)
    yield from (
        f"{what} came {received[what]} times, not {due[what]}" for what in due.keys() | received if due[what] != received[what]
    )


def _unwatched(books: Books) -> Iterator[str]:
    """An offer that can expire has its timer, and nothing else has one."""
    for id, order in books.orders.items():
        waits = order["status"] == OrderStatus.OFFERED and is_timed(Mode(order["mode"]))
        waits = waits and books.needs[order["need_id"]]["status"] != NeedStatus.SUSPENDED
        if waits != (f"{TimerKind.OFFER_EXPIRES}:order:{id}" in books.timers):
            yield f"order {id} is {order['status']} and its timer is {'missing' if waits else 'left over'}"


def _miscounted(books: Books) -> Iterator[str]:
    held = Counter(order["provider"]["id"] for order in books.orders.values() if order["status"] in IN_HAND)
    for each in books.volunteers:
        if each["load"] != held[each["_id"]]:
            yield f"{each['name']} holds {held[each['_id']]} orders and is counted with {each['load']}"
