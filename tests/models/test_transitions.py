"""What may happen to a need and to an order, read as tables; and what becomes of the tallies."""

from dataclasses import replace
from itertools import product

import pytest

from models.account import ProviderRef
from models.correction import Correction, corrected
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.merging import merged_into, unmerged, with_merged
from models.need import NEED_ACTION_LABELS, NEED_STATUS_LABELS, Evaluation, Need, NeedAction, NeedStatus
from models.order import ORDER_ACTION_LABELS, ORDER_STATUS_LABELS, SERVING, OrderAction, OrderStatus
from models.vocabulary import ProviderKind, Role
from tests.make import AT, need, order, principal

SOMEBODY = ProviderRef(ProviderKind.VOLUNTEER, "1")
JUDGED = Evaluation(True, True, True, 5, "", "resident-1", Role.RESIDENT, AT)
ACTS = {
    NeedAction.OFFER: Need.offered,
    NeedAction.ACCEPT: Need.accepted,
    NeedAction.DECLINE: lambda each: each.declined(SOMEBODY),
    NeedAction.START: Need.begun,
    NeedAction.COMPLETE: Need.finished,
    NeedAction.EVALUATE: lambda each: each.evaluated(JUDGED),
    NeedAction.CORRECT: lambda each: corrected(each, Correction(urgency=3), "community-1", AT),
    NeedAction.MERGE: lambda each: merged_into(replace(each, taken=0, offers_open=0), "another"),
    NeedAction.TAKE_IN: lambda each: with_merged(each, "another"),
    NeedAction.UNMERGE: unmerged,
}
# One line a status, one column an action: whether it may be taken there.
NEED_TABLE = """
             offer accept decline start complete evaluate correct merge take_in unmerge
open         x     .      .       x     .        .        x       x     x       .
offered      x     x      x       x     .        .        x       .     x       .
accepted     .     .      .       x     .        .        x       .     x       .
in_progress  x     x      x       x     x        .        x       .     x       .
completed    x     .      .       .     .        x        x       .     .       .
evaluated    .     .      .       .     .        .        .       .     .       .
merged       .     .      .       .     .        .        .       .     .       x
"""
ORDER_TABLE = """
             accept    decline   start     complete  fill
offered      accepted  declined  .         .         filled
accepted     .         .         started   .         .
started      .         .         .         completed .
completed    .         .         .         .         .
declined     .         .         .         .         .
filled       .         .         .         .         .
"""


def table(text: str) -> dict[tuple[str, str], str]:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    return {(row[0], action): cell for row in rows for action, cell in zip(head, row[1:], strict=True)}


@pytest.mark.parametrize(("status", "action"), list(product(NeedStatus, NeedAction)))
def test_a_need_allows_what_its_table_says(status: NeedStatus, action: NeedAction) -> None:
    standing = need(status=status, people=9, offers_open=1, taken=1)
    if table(NEED_TABLE)[status, action] == "x":
        ACTS[action](standing)
        return
    # The last place is still free, so that only the status speaks against it.
    with pytest.raises(TransitionNotAllowedError) as refused:
        standing.require(action)
    assert refused.value.facts["present_status"] == status
    with pytest.raises(TransitionNotAllowedError):
        ACTS[action](standing)


@pytest.mark.parametrize(("status", "action"), list(product(OrderStatus, OrderAction)))
def test_an_order_goes_where_its_table_says(status: OrderStatus, action: OrderAction) -> None:
    standing, leads_to = order(status=status), table(ORDER_TABLE)[status, action]
    if leads_to == ".":
        too_late = (status, action) == (OrderStatus.FILLED, OrderAction.ACCEPT)
        with pytest.raises(PlacesTakenError if too_late else TransitionNotAllowedError) as refused:
            standing.after(action, AT)
        assert refused.value.facts["present_status"] == status
        return
    after = standing.after(action, AT)
    assert (after.status, after.revision, after.changed_at) == (leads_to, standing.revision + 1, AT)
    stamps = {"accepted": after.accepted_at, "started": after.started_at, "completed": after.completed_at}
    assert {name for name, at in stamps.items() if at} == ({leads_to} & set(stamps))


def test_every_status_and_action_has_a_chinese_name() -> None:
    assert set(NEED_STATUS_LABELS) == set(NeedStatus)
    assert set(NEED_ACTION_LABELS) == set(NeedAction)
    assert set(ORDER_STATUS_LABELS) == set(OrderStatus)
    assert set(ORDER_ACTION_LABELS) == set(OrderAction)


def test_whom_to_ring_is_known_from_acceptance_on() -> None:
    assert {"accepted", "started", "completed"} == SERVING
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
