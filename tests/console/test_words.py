"""Times, spans and distances as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from api.console.words import between, kilometres, label, left, percent, typing, when
from models.need import NeedStatus
from models.order import OrderStatus
from models.schedule import Window
from models.vocabulary import Role

# A Tuesday, 14:00 in Shanghai.
NOW = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "今天 15:00"), (-14.5, "昨天 23:30"), (9.5, "今天 23:30"), (10, "明天 00:00"), (40, "后天 06:00"), (-50, "前天 12:00"),
        (96, "11月7日 周六 14:00"), (-24 * 365, "2025年11月3日 14:00"),
    ],
)  # fmt: skip
def test_an_instant_is_said_by_its_day_in_shanghai(hours: float, said: str) -> None:
    assert when(NOW + timedelta(hours=hours), NOW) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (42, "还剩 42 分钟"), (0.5, "还剩不到 1 分钟"), (99, "还剩 99 分钟"), (119, "还剩约 2 小时"), (120, "还剩 2 小时"),
        (47 * 60, "还剩 47 小时"), (48 * 60, "还剩 2 天"), (-180, "已超时 3 小时"), (0, "已超时不到 1 分钟"),
    ],
)  # fmt: skip
def test_what_is_left_is_said_in_the_unit_one_thinks_in(minutes: float, said: str) -> None:
    assert left(NOW + timedelta(minutes=minutes), NOW) == said


def test_windows_distances_shares_and_fields() -> None:
    assert between(Window(NOW, NOW + timedelta(hours=2)), NOW) == "今天 14:00 到 16:00"
    assert between(Window(NOW, NOW + timedelta(hours=12)), NOW) == "今天 14:00 到 明天 02:00"
    assert [kilometres(each) for each in (0.0, 0.849, 0.96, 3.21, None)] == [
        "10 米",
        "850 米",
        "1.0 公里",
        "3.2 公里",
        "距离不详",
    ]
    assert [percent(each) for each in (0.126, None)] == ["13%", "—"]
    assert typing(NOW) == "2026-11-03T14:00"
    assert [when(None), left(None), between(None), typing(None)] == [""] * 4


def test_the_words_of_statuses_and_roles_come_from_their_own_tables() -> None:
    assert [label(NeedStatus.OPEN), label(OrderStatus.ACCEPTED), label(Role.STREET)] == ["待派单", "已接单", "街道"]
