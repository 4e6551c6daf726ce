"""What the demo's needs have lived through: an invented past, each step of it the entities' own, at an instant that has gone by."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks, matter_of
from matcher.dispatch.clocks.standing import NEED_STAGES, clocked, marked, running
from matcher.dispatch.closing import HIGHEST, LOWEST
from matcher.dispatch.order_steps import EVENTS
from models.account import SYSTEM, ProviderRef
from models.clock import Deadline, Stage
from models.decision import Decision
from models.event import Event, event_of
from models.need import Evaluation, Need
from models.order import DeclineReason, Order, OrderAction
from models.provider import Provider, ProviderSummary
from models.vocabulary import Role
from models.workload import work_at
from seed.people import demo_id

WHY = "演示数据"
PLANTED = "已上门处理，居民在场确认"


@dataclass(frozen=True, slots=True)
class Move:
    """What a step leaves in a provider's profile: one order more or less in hand, an answer, what a resident thought, in [0, 1]."""

    at: datetime
    ref: ProviderRef
    load: int = 0
    answer: bool | None = None
    rating: float | None = None

    def of(self, provider: Provider) -> Provider:
        yes = self.answer is True
        return replace(
            provider,
            load=provider.load + self.load,
            answered=provider.answered + (self.answer is not None),
            accepted_count=provider.accepted_count + yes,
            recent_work=provider.recent_work + (work_at(self.at) if yes else 0.0),
            rating_sum=provider.rating_sum + (self.rating or 0.0),
            rating_count=provider.rating_count + (self.rating is not None),
        )


class Life:
    """One need with one order after the other; `need`, `orders`, `events`, `decisions` and what `moves` say are what is to be stored."""

    def __init__(self, need: Need, clocks: Clocks, catalogue: Catalogue) -> None:
        self._clocks, self._catalogue = clocks, catalogue
        self.need = clocked(None, need, clocks, catalogue, need.posted_at)
        self.orders: list[Order] = []
        self.events: list[Event] = []
        self.decisions: list[Decision] = []
        self.moves: list[Move] = []
        self._happened("need.posted", need.posted_at)

    def offered(self, provider: ProviderSummary, at: datetime) -> "Life":
        signing = self._clocks.start(Stage.SIGN, matter_of(self.need, self._catalogue), at)
        order = Order(
            id=demo_id(f"order-{self.need.id}", at),
            need_id=self.need.id,
            region=self.need.region,
            provider=provider,
            round=self.need.round,
            service=matter_of(self.need, self._catalogue).service,
            note=WHY,
            offered_at=at,
            offered_by=SYSTEM.account_id,
            changed_at=at,
            expires_at=signing.at if signing else None,
            due={Stage.SIGN: signing} if signing else {},
        )
        self.orders.append(order)
        self._now(self.need.offered().responded(at), at, order)
        self._happened("order.offered", at)
        return self

    def accepted(self, at: datetime) -> "Life":
        contact = self._clocks.start(Stage.CONTACT, matter_of(self.need, self._catalogue), at)
        order = self.orders[-1].after(OrderAction.ACCEPT, at)
        self._now(self.need.accepted(), at, order.with_clock(Stage.CONTACT, contact) if contact else order)
        self._happened(EVENTS[OrderAction.ACCEPT], at)
        self._moved(at, load=1, answer=True)
        return self

    def declined(self, at: datetime, reason: DeclineReason) -> "Life":
        order = replace(self.orders[-1].after(OrderAction.DECLINE, at), decline_reason=reason)
        self._now(self.need.declined(order.provider.ref), at, order)
        self._happened(EVENTS[OrderAction.DECLINE], at)
        self._moved(at, answer=False)
        return self

    def expired(self, at: datetime) -> "Life":
        self._now(self.need.expired(), at, self.orders[-1].after(OrderAction.EXPIRE, at))
        self._happened(EVENTS[OrderAction.EXPIRE], at)
        self._moved(at, answer=False)
        return self

    def started(self, at: datetime) -> "Life":
        self._now(self.need.begun(), at, self.orders[-1].after(OrderAction.START, at))
        self._happened(EVENTS[OrderAction.START], at)
        return self

    def completed(self, at: datetime) -> "Life":
        order = replace(self.orders[-1].after(OrderAction.COMPLETE, at), summary=PLANTED)
        self._now(self.need.finished(), at, order)
        self._happened(EVENTS[OrderAction.COMPLETE], at)
        self._moved(at, load=-1)
        return self

    def handed_back(self, at: datetime) -> "Life":
        """Before anything was begun."""
        order = replace(self.orders[-1].after(OrderAction.HAND_BACK, at), decline_reason=DeclineReason.NO_TIME)
        self._now(self.need.handed_back(order.provider.ref, started=False), at, order)
        self._happened(EVENTS[OrderAction.HAND_BACK], at)
        self._moved(at, load=-1, answer=False)
        return self

    def judged(self, score: int, at: datetime, resolved: bool = True) -> "Life":
        """Confirmed with it, as everything that is resolved is; what is not begins anew."""
        judgement = Evaluation(score > 1, resolved, score > 2, score, "", SYSTEM.account_id, Role.RESIDENT, at)
        order = self.orders[-1].after(OrderAction.CONFIRM, at) if resolved else self.orders[-1]
        self._now(self.need.evaluated(judgement), at, order)
        self._happened("need.evaluated", at)
        self._moved(at, rating=(score - LOWEST) / (HIGHEST - LOWEST))
        if not resolved:
            self._now(self.need.reopened(None), at, order)
            self._happened("need.reopened", at)
        return self

    def confirmed(self, at: datetime) -> "Life":
        """By silence: nobody objected."""
        self._now(self.need.confirmed(at), at, self.orders[-1].after(OrderAction.CONFIRM, at))
        self._happened("need.confirmed", at)
        return self

    def stored(self) -> Need:
        """The need with the earliest of the clocks that still run for it."""
        return marked(self.need, running(self.need, self.orders))

    def _now(self, need: Need, at: datetime, order: Order) -> None:
        self.need = clocked(self.need, need, self._clocks, self._catalogue, at).touched(at)
        self.orders[-1] = order

    def _moved(self, at: datetime, *, load: int = 0, answer: bool | None = None, rating: float | None = None) -> None:
        self.moves.append(Move(at, self.orders[-1].provider.ref, load, answer, rating))

    def _happened(self, action: str, at: datetime) -> None:
        order = self.orders[-1] if action.startswith("order.") else None
        subject = f"order:{order.id}" if order else f"need:{self.need.id}"
        event_id = demo_id(f"{action}-{self.need.id}", at)
        order_id = order.id if order else None
        need = self.need
        self.events.append(
            event_of(SYSTEM, action, at, subject, id=event_id, need_id=need.id, order_id=order_id, region=need.region, why=WHY)
        )


def posted_so_that(clocks: Clocks, need: Need, catalogue: Catalogue, at: datetime, share: float) -> datetime:
    """When a need must have been posted for this share of its time to be over at `at`, by the clock that has gone furthest; more
    than 1: it is overdue. By halving minutes: working time passes unevenly."""
    low, high = 0, 20 * 24 * 60
    while low < high:
        middle = (low + high) // 2
        posted_at = at - timedelta(minutes=middle)
        low, high = (middle + 1, high) if _spent(clocks, need, catalogue, posted_at, at) < share else (low, middle)
    return at - timedelta(minutes=low)


def _spent(clocks: Clocks, need: Need, catalogue: Catalogue, posted_at: datetime, at: datetime) -> float:
    matter = matter_of(need, catalogue)
    deadlines = [clocks.start(stage, matter, posted_at) for stage in NEED_STAGES]
    return max((_share(clocks, deadline, at) for deadline in deadlines if deadline is not None), default=1.0)


def _share(clocks: Clocks, deadline: Deadline, at: datetime) -> float:
    start, end = deadline.from_at, deadline.at
    if not deadline.working:
        return (at - start) / (end - start)
    minutes = clocks.calendar.working_minutes
    return minutes(start, at) / minutes(start, end)
