"""Which clocks of a need run, and when something is next to be done about one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks, matter_of
from models.clock import Deadline, Stage, with_met
from models.need import Need, NeedStatus
from models.need_states import FINISHED_NEEDS
from models.order import Order, OrderStatus

NEED_STAGES = (Stage.RESPOND, Stage.DONE)
ORDER_STAGES = {OrderStatus.OFFERED: Stage.SIGN, OrderStatus.ACCEPTED: Stage.CONTACT}
# Nobody has looked after these yet.
UNATTENDED = frozenset({NeedStatus.OPEN, NeedStatus.UNMATCHED})
DONE = frozenset({NeedStatus.COMPLETED, NeedStatus.CONFIRMED, NeedStatus.EVALUATED})


@dataclass(frozen=True, slots=True)
class Running:
    """`order` is None for a clock of the need itself."""

    stage: Stage
    deadline: Deadline
    order: Order | None = None


def running(need: Need, orders: Iterable[Order]) -> list[Running]:
    """None while a need is suspended, merged into another, or finished."""
    if need.status in FINISHED_NEEDS or need.status == NeedStatus.SUSPENDED:
        return []
    found = [Running(stage, need.due[stage]) for stage in NEED_STAGES if stage in need.due and not need.due[stage].met_at]
    for order in orders:
        stage = ORDER_STAGES.get(order.status)
        if order.round == need.round and stage is not None and stage in order.due and not order.due[stage].met_at:
            found.append(Running(stage, order.due[stage], order))
    return found


def acts_at(clocks: list[Running]) -> datetime | None:
    """An offer ends by a timer of its own: after it was said that it nearly does, nothing is left to do here."""
    moments = [each.deadline.acts_at for each in clocks if each.stage != Stage.SIGN or each.deadline.told_at is None]
    return min((moment for moment in moments if moment is not None), default=None)


def clocked(before: Need | None, need: Need, clocks: Clocks, catalogue: Catalogue, at: datetime) -> Need:
    """The need with its own clocks as they must be now: begun with each round, reckoned anew when it turns out to be another
    matter, met when it is done."""
    matter = matter_of(need, catalogue)
    due = dict(need.due)
    if need.status not in FINISHED_NEEDS and (before is None or not due or before.round != need.round):
        started = {stage: clocks.start(stage, matter, at) for stage in NEED_STAGES}
        due = {stage: deadline for stage, deadline in started.items() if deadline is not None}
        if before is not None and need.status not in UNATTENDED:
            due = dict(with_met(due, Stage.RESPOND, at))
    elif before is not None and matter != matter_of(before, catalogue):
        for stage, old in need.due.items():
            if old.met_at is None and old.overdue_at is None:
                due[stage] = clocks.start(stage, matter, old.from_at) or old
    if need.status in DONE:
        due = dict(with_met(with_met(due, Stage.DONE, at), Stage.RESPOND, at))
    return replace(need, due=due)


def marked(need: Need, clocks: list[Running]) -> Need:
    """With the earliest of what runs, which lists ask for; an offer's end is the provider's matter, and the need goes on by itself."""
    own = [each.deadline for each in clocks if each.stage != Stage.SIGN]
    return replace(
        need,
        near_at=min((each.near_at for each in own), default=None),
        due_at=min((each.at for each in own), default=None),
    )
