"""A month passes: no need ends in silence, whatever is overdue has been carried to those above, and who did not come is on record.

`SANDAN_COMMUNITIES` sets how many communities live through it; the default is short.
"""

import os
from collections import Counter
from datetime import datetime

import pytest

from matcher.understanding.understander import Understander
from models.assessment import Counts
from models.clock import Deadline, Stage
from models.event import Event
from models.need import Need
from models.need_states import FINISHED_NEEDS
from models.order import Order
from models.store import Store
from models.vocabulary import Role
from tests.make import principal, weights
from tests.matcher.clocks.month import BEGIN, Month
from tests.matcher.clocks.whistling import UNITS_EACH, WHISTLES_EACH, hold_to_record

COMMUNITIES = int(os.environ.get("SANDAN_COMMUNITIES", "2"))
NEEDS_EACH = 8


@pytest.mark.timeout(3_600)
async def test_a_month_in_which_people_are_silent_late_or_unwilling_leaves_no_need_in_silence_and_no_absence_off_the_record(
    store: Store, understander: Understander
) -> None:
    await store.weights.add(weights(location=1))
    month = Month(store, understander, COMMUNITIES, NEEDS_EACH, "month")
    await month.open()
    await month.run()
    seen: Counter[str] = Counter()
    for document in await store.database["needs"].find({}).to_list():
        need = await store.needs.get(document["_id"])
        assert need is not None
        orders, events = await store.orders.of_need(need.id), await store.events.of_need(need.id)
        seen.update(hold_to_clocks(need, orders, events, month.at))
        seen[str(need.status)] += 1
    for called in month.whistling.called:
        seen.update(await hold_to_record(store, called))
    await hold_to_assessment(month, seen)
    assert sum(seen[each] for each in ("in time", "overdue", "stopped")) > 2 * COMMUNITIES * NEEDS_EACH
    assert seen["overdue"] > COMMUNITIES, "a month in which nothing is late shows nothing"
    assert seen["in time"] > COMMUNITIES
    late = [timer async for timer in store.database["timers"].find({"due_at": {"$lte": month.at}})]
    assert late == [], "every timer that was due has fired"
    print(f"\n{COMMUNITIES} communities, {month.fired} timers fired: {dict(seen)}")


async def hold_to_assessment(month: Month, seen: Counter[str]) -> None:
    """What the month adds up to is what each whistle has on record."""
    found = await month.desk.assessing.assess(principal(Role.ADMIN), None, BEGIN, month.at)
    counts = sum(found.by_community.values(), Counts())
    assert (counts.on_time, counts.late, counts.absent) == (seen["unit reported"], seen["unit late"], seen["unit absent"])
    assert counts.called == UNITS_EACH * WHISTLES_EACH * len(month.communities)
    assert min(counts.on_time, counts.late, counts.absent, seen["unit excused"]) > 0, "a month must have each of them"


def hold_to_clocks(need: Need, orders: list[Order], events: list[Event], at: datetime) -> Counter[str]:
    """Each clock of the last round was met in time, with an event to show for it, or is on record as overdue and escalated."""
    found: Counter[str] = Counter()
    clocks: list[tuple[Stage, Deadline, str]] = [(stage, each, f"need:{need.id}") for stage, each in need.due.items()]
    clocks += [
        (Stage.CONTACT, order.due[Stage.CONTACT], f"order:{order.id}")
        for order in orders
        if order.round == need.round and Stage.CONTACT in order.due
    ]
    for stage, clock, subject in clocks:
        if clock.overdue_at is not None:
            found["overdue"] += 1
            told = [each for each in events if each.subject == subject and each.action.endswith(".overdue")]
            told = [each for each in told if each.facts["stage"] == stage and each.at == clock.overdue_at]
            assert len(told) == 1, (need.id, stage)
            called = [each for each in events if each.action == "need.escalated" and each.at <= clock.overdue_at]
            assert called, (need.id, stage, "overdue, and nobody above was called")
            assert need.escalated_to is not None
        elif clock.met_at is not None:
            assert clock.met_at <= clock.at, (need.id, stage, "met late and not on record")
            assert any(clock.from_at <= each.at <= clock.met_at for each in events), (need.id, stage, "met without a word")
            found["in time"] += 1
        else:
            # An order that was handed back or withdrawn: its clock ended with it.
            assert subject.startswith("order:") or need.status in FINISHED_NEEDS, (need.id, stage, "neither met nor overdue")
            assert clock.at <= at
            found["stopped"] += 1
    if need.status not in FINISHED_NEEDS:
        assert need.escalated_to == "", (need.id, "unfinished, and the top does not know")
    return found
