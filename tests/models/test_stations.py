"""A need's way as its resident sees it."""

from datetime import timedelta
from typing import Any

from models.dispatching import Handling
from models.need import Evaluation
from models.need_states import NeedStatus
from models.order import OrderStatus
from models.stations import STATION_LABELS, StationState, stations_of
from models.vocabulary import Role
from tests.make import AT, need, order

HOUR = timedelta(hours=1)


def line(status: NeedStatus = NeedStatus.OPEN, *orders: Any, **changes: Any) -> str:
    """One letter a station: passed, present, ahead."""
    letters = {StationState.PASSED: "p", StationState.PRESENT: "N", StationState.AHEAD: "-", StationState.SKIPPED: "o"}
    return "".join(letters[each.state] for each in stations_of(need(status=status, **changes), list(orders)))


def served(**changes: Any) -> Any:
    return order(accepted_at=AT + HOUR, **({"status": OrderStatus.ACCEPTED} | changes))


def test_each_step_moves_the_present_station_on() -> None:
    done = {"started_at": AT + 2 * HOUR, "completed_at": AT + 3 * HOUR}
    judged = Evaluation(True, True, True, 5, "", "resident-1", Role.RESIDENT, AT + 4 * HOUR)
    assert list(STATION_LABELS.values()) == ["点单", "受理", "派单", "接单", "上门", "完成", "评价"]
    assert line() == "pN-----"
    assert line(NeedStatus.OFFERED, order()) == "pppN---"
    assert line(NeedStatus.ACCEPTED, served(), taken=1) == "ppppN--"
    assert line(NeedStatus.IN_PROGRESS, served(status=OrderStatus.STARTED, started_at=AT + HOUR), taken=1, started=1) == "pppppN-"
    finished = served(status=OrderStatus.COMPLETED, **done)
    assert line(NeedStatus.COMPLETED, finished, taken=1, started=1, done=1) == "ppppppN"
    assert line(NeedStatus.EVALUATED, finished, taken=1, started=1, done=1, evaluation=judged) == "ppppppp"


def test_of_two_helpers_the_first_begins_the_work_and_the_last_ends_it() -> None:
    early = served(status=OrderStatus.COMPLETED, started_at=AT + HOUR, completed_at=AT + 2 * HOUR)
    late = served(status=OrderStatus.COMPLETED, started_at=AT + 3 * HOUR, completed_at=AT + 5 * HOUR)
    found = stations_of(need(people=2, taken=2, started=2, done=2, status=NeedStatus.COMPLETED), [late, early])
    assert [found[4].at, found[5].at] == [AT + HOUR, AT + 5 * HOUR]
    assert line(NeedStatus.IN_PROGRESS, early, served(), people=2, taken=2, started=1, done=1) == "pppppN-"


def test_who_declined_or_handed_back_takes_nobody_to_the_door() -> None:
    assert line(NeedStatus.OPEN, order(status=OrderStatus.DECLINED)) == "pppN---"
    assert line(NeedStatus.OPEN, served(status=OrderStatus.HANDED_BACK, started_at=AT)) == "pppN---"


def test_what_is_done_again_begins_anew_and_what_the_owner_met_needs_no_order() -> None:
    assert line(NeedStatus.OPEN, served(status=OrderStatus.COMPLETED, completed_at=AT), round=2) == "pN-----"
    handled = Handling("community-1", "测试社区", AT + HOUR, "请了物业")
    found = stations_of(need(status=NeedStatus.COMPLETED, handling=handled), [])
    assert [(each.state, each.at) for each in found[4:6]] == [(StationState.SKIPPED, None), (StationState.PASSED, AT + HOUR)]


def test_a_cancelled_need_stands_at_no_station() -> None:
    assert line(NeedStatus.CANCELLED, order(status=OrderStatus.WITHDRAWN)) == "ppp----"
