"""What may happen to a need and to an order, read as tables; and what becomes of the tallies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from models.account import ProviderRef
from models.correction import Correction, corrected
from models.dispatching import MOST_REDONE, MOST_REFUSALS, Dispatching, Handling, Mode, Owner, Suspension
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.merging import merged_into, unmerged, with_merged
from models.need import Evaluation, Need
from models.need_states import (
    NEED_ACTION_LABELS,
    NEED_STATUS_LABELS,
    NEED_TRANSITIONS,
    WAITING,
    NeedAction,
    NeedStatus,
)  # fmt: skip
from models.order import (
    DECLINE_REASON_LABELS,
    IN_HAND,
    MOST_SERVICE_MINUTES,
    ORDER_ACTION_LABELS,
    ORDER_STATUS_LABELS,
    PENDING,
    SERVING,
    DeclineReason,
    OrderAction,
    OrderStatus,
)  # fmt: skip
from models.vocabulary import ProviderKind, Role
from tests.make import AT, need, order, principal

SOMEBODY = ProviderRef(ProviderKind.VOLUNTEER, "1")
JUDGED = Evaluation(True, True, True, 5, "", "resident-1", Role.RESIDENT, AT)
FAILED = replace(JUDGED, resolved=False, satisfied=False)
OWNER = Owner("420106001001", None, "测试社区", AT, "")
PAUSE = Suspension("等配件", AT, "community-1", AT)
BY_OWNER = Handling("community-1", "测试", AT, "上门办好了")
# One line an action, one column a status: whether it may be taken there.
NEED_TABLE = """
           open offered accepted in_progress completed confirmed evaluated unmatched by_hand suspended cancelled merged
offer      x    x       .        x           x         .         .         x         x       .         .         .
accept     .    x       .        x           .         .         .         .         .       .         .         .
decline    .    x       .        x           .         .         .         .         .       x         .         .
expire     .    x       .        x           .         .         .         .         .       .         .         .
withdraw   x    x       x        x           .         .         .         x         x       x         .         .
hand_back  x    x       x        x           .         .         .         x         x       x         .         .
start      x    x       x        x           .         .         .         x         x       .         .         .
complete   .    .       .        x           .         .         .         .         .       .         .         .
confirm    .    .       .        .           x         .         .         .         .       .         .         .
evaluate   .    .       .        .           x         x         .         .         .       .         .         .
reopen     .    .       .        .           x         x         x         .         .       .         .         .
unmatch    x    .       .        x           .         .         .         x         x       .         .         .
take_over  x    .       .        x           .         .         .         x         x       .         .         .
handle     x    .       .        .           .         .         .         x         x       .         .         .
suspend    x    x       x        x           .         .         .         x         x       .         .         .
resume     .    .       .        .           .         .         .         .         .       x         .         .
cancel     x    x       x        x           .         .         .         x         x       x         .         .
correct    x    x       x        x           x         .         .         x         x       x         .         .
merge      x    .       .        .           .         .         .         x         x       .         .         .
take_in    x    x       x        x           .         .         .         x         x       x         .         .
unmerge    .    .       .        .           .         .         .         .         .       .         .         x
"""
ORDER_TABLE = """
             apply    accept    decline   expire   fill    withdraw   start    hand_back    complete   confirm
offered      applied  accepted  declined  expired  filled  withdrawn  .        .            .          .
applied      .        accepted  declined  .        filled  withdrawn  .        .            .          .
accepted     .        .         .         .        .       withdrawn  started  handed_back  .          .
started      .        .         .         .        .       withdrawn  .        handed_back  completed  .
completed    .        .         .         .        .       .          .        .            .          confirmed
confirmed    .        .         .         .        .       .          .        .            .          .
declined     .        .         .         .        .       .          .        .            .          .
expired      .        .         .         .        .       .          .        .            .          .
handed_back  .        .         .         .        .       .          .        .            .          .
withdrawn    .        .         .         .        .       .          .        .            .          .
filled       .        .         .         .        .       .          .        .            .          .
"""


def table(text: str) -> dict[tuple[str, str], str]:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return {(row[0], action): cell for row in rows for action, cell in zip(head, row[1:], strict=True)}


@pytest.mark.parametrize(("status", "action"), list(product(NeedStatus, NeedAction)))
def test_a_need_allows_what_its_table_says(status: NeedStatus, action: NeedAction) -> None:
    standing = need(status=status)
    assert (status in NEED_TRANSITIONS[action]) is (table(NEED_TABLE)[action, status] == "x")
    if status in NEED_TRANSITIONS[action]:
        standing.require(action)
        return
    with pytest.raises(TransitionNotAllowedError) as refused:
        standing.require(action)
    assert refused.value.facts["present_status"] == status


Step = tuple[NeedAction, bool, Callable[[], Need]]


def said_of(people: int) -> Correction:
    return Correction(people=people)


def steps(each: Need) -> list[Step]:
    """Everything that could be tried, with whether the orders of this need would allow it."""
    accepted, working, free = each.taken - each.started, each.started - each.done, not each.offers_open
    return [
        (NeedAction.OFFER, each.offers_open < 3, each.offered),
        (NeedAction.ACCEPT, not free, each.accepted),
        (NeedAction.DECLINE, not free, lambda: each.declined(SOMEBODY)),
        (NeedAction.EXPIRE, not free, each.expired),
        (NeedAction.WITHDRAW, not free, lambda: each.withdrawn(False, False)),
        (NeedAction.WITHDRAW, accepted > 0, lambda: each.withdrawn(True, False)),
        (NeedAction.WITHDRAW, working > 0, lambda: each.withdrawn(True, True)),
        (NeedAction.HAND_BACK, accepted > 0, lambda: each.handed_back(SOMEBODY, False)),
        (NeedAction.HAND_BACK, working > 0, lambda: each.handed_back(SOMEBODY, True)),
        (NeedAction.START, accepted > 0, each.begun),
        (NeedAction.COMPLETE, working > 0, each.finished),
        (NeedAction.CONFIRM, True, lambda: each.confirmed(AT)),
        (NeedAction.EVALUATE, True, lambda: each.evaluated(FAILED)),
        (NeedAction.REOPEN, True, lambda: each.reopened(OWNER if each.redone_enough else None)),
        (NeedAction.UNMATCH, free and each.places_left > 0, lambda: each.found_nobody({"area": 1})),
        (NeedAction.TAKE_OVER, True, lambda: each.taken_over(OWNER)),
        (NeedAction.HANDLE, True, lambda: each.handled(BY_OWNER)),
        (NeedAction.SUSPEND, True, lambda: each.suspended(PAUSE)),
        (NeedAction.RESUME, True, each.resumed),
        (NeedAction.CANCEL, True, lambda: each.cancelled("不需要了")),
        *(
            (NeedAction.CORRECT, people >= each.taken, lambda people=people: corrected(each, said_of(people), "1", AT))
            for people in (1, 2, 3)
        ),
        (NeedAction.CORRECT, True, lambda: corrected(each, Correction(codes=("other",)), "1", AT)),
        (NeedAction.MERGE, free and not each.taken and not each.merged, lambda: merged_into(each, "2")),
        (NeedAction.TAKE_IN, not each.merged, lambda: with_merged(each, "3")),
        (NeedAction.UNMERGE, True, lambda: unmerged(each)),
    ]


def test_the_table_holds_every_way_that_a_need_can_go_and_no_other() -> None:
    """Walks all needs of up to three people, with up to three open offers and four rounds."""
    walked: dict[NeedAction, dict[NeedStatus, set[NeedStatus]]] = {action: {} for action in NeedAction}
    seen: set[str] = set()
    waiting = [need(id="1", people=people) for people in (1, 2, 3)]
    while waiting:
        each = replace(waiting.pop(), refused=0, declined_by=())
        if str(each) in seen or each.round > 4:
            continue
        seen.add(str(each))
        for action, possible, take in steps(each):
            if not possible or each.status not in NEED_TRANSITIONS[action]:
                continue
            try:
                after = take()
            except PlacesTakenError:
                continue
            assert 0 <= after.done <= after.started <= after.taken <= after.people
            assert after.offers_open >= 0
            assert after.settled().status == after.status
            walked[action].setdefault(each.status, set()).add(after.status)
            waiting.append(after)
    assert walked == NEED_TRANSITIONS


@pytest.mark.parametrize(("status", "action"), list(product(OrderStatus, OrderAction)))
def test_an_order_goes_where_its_table_says(status: OrderStatus, action: OrderAction) -> None:
    standing, leads_to = order(status=status), table(ORDER_TABLE)[status, action]
    if leads_to == ".":
        too_late = status == OrderStatus.FILLED and action in (OrderAction.ACCEPT, OrderAction.APPLY)
        with pytest.raises(PlacesTakenError if too_late else TransitionNotAllowedError) as refused:
            standing.after(action, AT)
        assert refused.value.facts["present_status"] == status
        return
    after = standing.after(action, AT)
    assert (after.status, after.revision, after.changed_at) == (leads_to, standing.revision + 1, AT)
    stamps = {"applied": after.applied_at, "accepted": after.accepted_at, "started": after.started_at}
    stamps |= {"completed": after.completed_at, "confirmed": after.confirmed_at}
    assert {name for name, at in stamps.items() if at} == ({leads_to} & set(stamps))


def test_every_status_and_action_has_a_chinese_name() -> None:
    assert set(NEED_STATUS_LABELS) == set(NeedStatus)
    assert set(NEED_ACTION_LABELS) == set(NeedAction)
    assert set(ORDER_STATUS_LABELS) == set(OrderStatus)
    assert set(ORDER_ACTION_LABELS) == set(OrderAction)
    assert set(DECLINE_REASON_LABELS) == set(DeclineReason)


def test_whom_to_ring_is_known_from_acceptance_on() -> None:
    assert {"accepted", "started", "completed", "confirmed"} == SERVING
    assert {"accepted", "started"} == IN_HAND
    assert {"offered", "applied"} == PENDING
    assert [order(status=status).serves for status in OrderStatus] == [status in SERVING for status in OrderStatus]


def test_the_last_place_voids_every_other_open_offer() -> None:
    asked = need(people=2).offered().offered().offered()
    assert (asked.status, asked.offers_open) == (NeedStatus.OFFERED, 3)
    half = asked.accepted()
    assert (half.status, half.places_left, half.offers_open) == (NeedStatus.OFFERED, 1, 2)
    full = half.accepted()
    assert (full.status, full.places_left, full.offers_open) == (NeedStatus.ACCEPTED, 0, 0)
    with pytest.raises(PlacesTakenError):
        full.accepted()
    with pytest.raises(PlacesTakenError):
        full.begun().offered()


def test_a_need_of_two_is_completed_when_all_who_came_are_done_and_nobody_else_is_asked() -> None:
    working = need(people=2).offered().accepted().begun()
    assert working.status == NeedStatus.IN_PROGRESS
    done = working.finished()
    assert done.status == NeedStatus.COMPLETED
    asked_again = done.offered()
    assert asked_again.status == NeedStatus.IN_PROGRESS
    assert asked_again.declined(SOMEBODY).status == NeedStatus.COMPLETED
    second = asked_again.accepted()
    assert (second.status, second.places_left) == (NeedStatus.IN_PROGRESS, 0)
    assert second.begun().finished().status == NeedStatus.COMPLETED


def test_a_declined_offer_opens_the_need_again_and_is_remembered() -> None:
    after = need().offered().declined(SOMEBODY)
    assert (after.status, after.offers_open, after.declined_by) == (NeedStatus.OPEN, 0, ("volunteer:1",))


def test_a_judged_need_is_settled_for_good() -> None:
    judged = need().offered().accepted().begun().finished().evaluated(JUDGED)
    assert judged.status == NeedStatus.EVALUATED
    assert judged.settled() is judged
    assert judged.evaluation == JUDGED


def test_a_change_counts_the_revision_up() -> None:
    touched = need(revision=4).touched(AT)
    assert (touched.revision, touched.changed_at) == (5, AT)


def test_a_need_belongs_to_the_resident_who_posted_it() -> None:
    resident = principal(Role.RESIDENT)
    assert need(posted_by=resident.account_id).is_owned_by(resident)
    assert not need(posted_by="another").is_owned_by(resident)
    assert not need(posted_by=resident.account_id).is_owned_by(replace(resident, role=Role.COMMUNITY))


def test_a_place_given_back_is_free_again_and_who_gave_it_back_is_remembered() -> None:
    taken = need(people=2).offered().accepted().begun()
    after = taken.handed_back(SOMEBODY, started=True)
    assert (after.status, after.taken, after.started, after.declined_by) == (NeedStatus.OPEN, 0, 0, ("volunteer:1",))
    assert after.refused == 1


def test_after_enough_refusals_a_need_is_worn_out() -> None:
    standing = need()
    for times in range(MOST_REFUSALS):
        assert not standing.worn_out, times
        standing = standing.offered().expired()
    assert standing.worn_out
    assert standing.taken_over(OWNER).status == NeedStatus.BY_HAND


def test_a_redone_need_begins_anew_and_the_third_time_has_an_owner() -> None:
    plan = Dispatching(mode=Mode.SEQUENCE, started_by="community-1", at_most=5, asked=4, listed=True, queue=("volunteer:2",))
    judged = replace(need(), dispatching=plan).offered().accepted().begun().finished().evaluated(FAILED)
    again = judged.reopened(None)
    assert (again.status, again.round, again.redone, again.taken) == (NeedStatus.OPEN, 2, 1, 0)
    assert again.dispatching == replace(plan, asked=0, listed=False, queue=())
    assert again.evaluation == FAILED
    last = replace(judged, round=3, redone=MOST_REDONE)
    assert last.redone_enough
    assert last.reopened(OWNER).status == NeedStatus.BY_HAND
    with pytest.raises(TransitionNotAllowedError):
        replace(judged, evaluation=JUDGED).reopened(None)


def test_service_is_counted_when_confirmed_in_whole_minutes_and_a_forgotten_end_is_cut() -> None:
    begun = order(status=OrderStatus.STARTED, started_at=AT)
    done = begun.after(OrderAction.COMPLETE, AT + timedelta(minutes=90, seconds=40))
    assert done.service_minutes is None
    assert done.after(OrderAction.CONFIRM, AT).service_minutes == 90
    forgotten = begun.after(OrderAction.COMPLETE, AT + timedelta(days=2)).after(OrderAction.CONFIRM, AT)
    assert forgotten.service_minutes == MOST_SERVICE_MINUTES


def test_who_waits_for_somebody_is_open_unmatched_or_in_the_hands_of_an_owner() -> None:
    assert {"open", "unmatched", "by_hand"} == WAITING
