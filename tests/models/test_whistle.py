"""The tables of a whistle: every step that they know is taken, every other is refused in words; nobody leaves before the end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import pytest

from models.account import ProviderRef
from models.called_unit import Rating, SquadName
from models.errors import InvalidInputError, NotFoundError, TransitionNotAllowedError
from models.provider import ProviderSummary
from models.vocabulary import Role
from models.whistle import Proposal, Whistle, ratings_of
from models.whistle_states import (
    PRESENT,
    UNIT_ACTION_LABELS,
    UNIT_STATUS_LABELS,
    UNIT_TRANSITIONS,
    WHISTLE_ACTION_LABELS,
    WHISTLE_STATUS_LABELS,
    WHISTLE_TRANSITIONS,
    UnitAction,
    UnitStatus,
    WhistleAction,
    WhistleStatus,
)
from tests.make import AT, GRID, organisation, principal, whistle

POWER, WATER = organisation(name="测试供电所"), organisation(name="测试水务所")
CALLER = principal(Role.COMMUNITY, GRID[:12])
IN_TIME, TOO_LATE = AT + timedelta(minutes=29, seconds=59), AT + timedelta(minutes=30)


def standing(status: UnitStatus) -> Whistle:
    whole = whistle(POWER)
    return replace(whole, units=(replace(whole.units[0], status=status),))


def proposal() -> Proposal:
    return Proposal(unit=ProviderSummary(POWER.kind, POWER.id, POWER.name), summary="好了", at=AT)


@pytest.mark.parametrize("status", UnitStatus)
@pytest.mark.parametrize("action", UnitAction)
def test_a_unit_takes_the_steps_of_the_table_and_no_others(status: UnitStatus, action: UnitAction) -> None:
    [unit] = standing(status).units
    if (status, action) in UNIT_TRANSITIONS:
        assert unit.after(action).status == UNIT_TRANSITIONS[status, action]
    else:
        with pytest.raises(TransitionNotAllowedError, match="测试供电所") as refused:
            unit.after(action)
        assert refused.value.facts["present_status"] == status


@pytest.mark.parametrize("status", UnitStatus)
def test_no_unit_leaves_before_the_end_and_the_refusal_says_why(status: UnitStatus) -> None:
    with pytest.raises(TransitionNotAllowedError, match="事不完，人不撤"):
        standing(status).require_may_leave(POWER.ref)
    replace(standing(status), status=WhistleStatus.CLOSED).require_may_leave(POWER.ref)


STEPS: dict[WhistleAction, Callable[[Whistle], Whistle]] = {
    WhistleAction.PROPOSE: lambda each: each.proposed(POWER.ref, "好了", AT),
    WhistleAction.VETO: lambda each: each.vetoed(CALLER, "还没好", AT),
    WhistleAction.CLOSE: lambda each: each.closed("好了", {POWER.ref: Rating(5)}, AT),
}


@pytest.mark.parametrize("status", WhistleStatus)
@pytest.mark.parametrize("action", WhistleAction)
def test_a_whistle_takes_the_steps_of_the_table_and_no_others(status: WhistleStatus, action: WhistleAction) -> None:
    before = replace(standing(UnitStatus.REPORTED), status=status, proposal=proposal())
    if (status, action) in WHISTLE_TRANSITIONS:
        after = STEPS[action](before)
        assert (after.status, after.revision) == (WHISTLE_TRANSITIONS[status, action], before.revision + 1)
    else:
        with pytest.raises(TransitionNotAllowedError, match=WHISTLE_STATUS_LABELS[status]):
            STEPS[action](before)


def test_a_veto_takes_the_proposal_back_and_keeps_it_on_record() -> None:
    vetoed = replace(standing(UnitStatus.LATE), status=WhistleStatus.PROPOSED, proposal=proposal()).vetoed(CALLER, "还没好", AT)
    assert vetoed.proposal is None
    assert [(veto.proposal.summary, veto.reason, veto.by_name) for veto in vetoed.vetoes] == [("好了", "还没好", CALLER.name)]


@pytest.mark.parametrize(("at", "status"), [(IN_TIME, UnitStatus.REPORTED), (TOO_LATE, UnitStatus.LATE)])
def test_the_clock_decides_who_is_late_to_the_second(at: datetime, status: UnitStatus) -> None:
    unit = whistle(POWER, WATER).reported(POWER.ref, at).require(POWER.ref)
    assert (unit.status, unit.reported_at) == (status, at)


def test_who_has_not_come_cannot_say_that_it_is_done_and_who_was_not_called_can_say_nothing() -> None:
    for status in set(UnitStatus) - PRESENT:
        with pytest.raises(TransitionNotAllowedError):
            standing(status).proposed(POWER.ref, "好了", AT)
    for step in (lambda each: each.proposed(WATER.ref, "好了", AT), lambda each: each.reported(WATER.ref, AT)):
        with pytest.raises(NotFoundError):
            step(whistle(POWER))


def test_a_closed_whistle_takes_no_report_in() -> None:
    with pytest.raises(TransitionNotAllowedError, match="已办结"):
        whistle(POWER).closed("误吹", {}, AT).reported(POWER.ref, AT)


def test_everyone_who_came_is_rated_and_the_refusal_names_who_is_not() -> None:
    came = whistle(POWER, WATER).reported(POWER.ref, AT)
    with pytest.raises(InvalidInputError) as refused:
        came.closed("好了", {WATER.ref: Rating(1)}, AT)
    assert refused.value.fields == {"ratings": ["还没有评价：测试供电所"]}
    closed = came.closed("好了", {POWER.ref: Rating(4), WATER.ref: Rating(1, "没来")}, AT)
    assert [(each.status, each.rating and each.rating.stars) for each in closed.units] == [
        (UnitStatus.REPORTED, 4),
        (UnitStatus.EXCUSED, 1),
    ]


def test_a_squads_rating_is_its_members_who_came_but_for_who_has_their_own() -> None:
    third = organisation(name="测试三")
    whole = whistle(POWER, WATER, third)
    whole = replace(whole, units=tuple(replace(each, squad=SquadName("7", "防汛队")) for each in whole.units))
    came = whole.reported(POWER.ref, AT).reported(WATER.ref, AT)
    assert ratings_of(came, {WATER.ref: Rating(2)}, {"7": Rating(5)}) == {POWER.ref: Rating(5), WATER.ref: Rating(2)}
    stranger = ProviderRef(POWER.kind, "nobody")
    with pytest.raises(InvalidInputError) as refused:
        ratings_of(came, {stranger: Rating(2)}, {"8": Rating(5)})
    assert len(refused.value.fields["ratings"]) == 2


@pytest.mark.parametrize(("scope", "may"), [(GRID[:12], True), (GRID[:9], False), ("", False)])
def test_only_the_callers_side_or_who_is_above_it_closes(scope: str, may: bool) -> None:
    assert whistle(POWER, caller_scope=scope).may_be_closed_by(CALLER) is may
    assert whistle(POWER, caller_scope=scope).may_be_closed_by(principal(Role.ADMIN))


def test_every_word_of_a_whistle_has_a_chinese_label() -> None:
    labels: dict[StrEnum, str] = {}
    for each in (UNIT_STATUS_LABELS, UNIT_ACTION_LABELS, WHISTLE_STATUS_LABELS, WHISTLE_ACTION_LABELS):
        labels |= each
    words = [word for words in (UnitStatus, UnitAction, WhistleStatus, WhistleAction) for word in words]
    assert [word for word in words if labels[word].isascii()] == []
