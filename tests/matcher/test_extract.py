"""When and how many: what a text says outright, and what only sounds like it."""

from datetime import datetime, timedelta

import pytest

from matcher.understanding.extract.helpers import helpers
from matcher.understanding.extract.numbers import number
from matcher.understanding.extract.times import window
from models.schedule import LOCAL

WEDNESDAY_TEN = datetime(2026, 11, 25, 10, 0, tzinfo=LOCAL)


def said(text: str) -> tuple[str, str] | None:
    found = window(text, WEDNESDAY_TEN)
    return (
        None
        if found is None
        else (f"{found.from_at.astimezone(LOCAL):%m-%d %H:%M}", f"{found.to_at.astimezone(LOCAL):%m-%d %H:%M}")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天下午三点来人看看", ("11-26 15:00", "11-26 17:00")),
        ("周六上午家里有人", ("11-28 08:00", "11-28 12:00")),
        ("后天早上八点半到十点去医院", ("11-27 08:30", "11-27 10:00")),
        ("明晚七点到九点", ("11-26 19:00", "11-26 21:00")),
        ("今天三点以后我都在屋里", ("11-25 15:00", "11-25 20:00")),
        ("周末帮忙搬一下", ("11-28 08:00", "11-29 20:00")),
        ("下周二下午2:30", ("12-01 14:30", "12-01 16:30")),
        ("12月3号上午", ("12-03 08:00", "12-03 12:00")),
        ("明朝上半日有空伐", ("11-26 08:00", "11-26 12:00")),
        ("这两天得有人来", ("11-25 10:00", "11-27 20:00")),
        ("1月2号", ("01-02 08:00", "01-02 20:00")),
        ("下个月5号上午", ("12-05 08:00", "12-05 12:00")),
        ("明天七点前要到", ("11-25 10:00", "11-26 07:00")),
        ("今天能来个人吗", ("11-25 10:00", "11-25 20:00")),
        ("医院明天复查，没人陪", ("11-26 08:00", "11-26 20:00")),
        ("标书明天要交，打印机坏了", ("11-25 10:00", "11-26 20:00")),
        ("周五前要穿，裤子开线了", ("11-25 10:00", "11-27 08:00")),
        ("请三天内派人来看看", ("11-25 10:00", "11-28 20:00")),
        ("请两周内派人来教一次", ("11-25 10:00", "12-09 20:00")),
        ("月底前要腾房，搬不动", ("11-25 10:00", "11-30 20:00")),
        ("下周家里没人做饭", ("11-30 08:00", "12-06 20:00")),
        ("今儿黑了能来不能", ("11-25 18:00", "11-25 22:00")),
    ],
)
def test_a_day_ahead_becomes_a_window_of_local_time(text: str, expected: tuple[str, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "昨天下午三点就漏了",
        "每周六上午都吵",
        "夜里两点楼上拖椅子",
        "3号楼水管爆了",
        "上周三就报过",
        "今天早上七点停的水",
        "13月40号",
        "今天他又把我当成外人",
        "俺爹这几天站起来就晕",
        "师傅说明天才来",
        "透析一周三趟，没人背",
        "说明书写一周一次",
        "礼拜天天有人来钓鱼",
        "工装大了两号，想改小",
        "怕走了以后儿子们闹",
        "清明儿女都不回来",
        "俺家今儿年种的花不开",
        "周末一个人在菜场转",
        "听说周一不开门",
        "电话说七天内不回就作废",
    ],
)
def test_what_is_past_or_comes_round_again_is_no_window(text: str) -> None:
    assert said(text) is None


def test_a_window_never_begins_before_the_need_was_posted() -> None:
    found = window("今天上午有人在家", WEDNESDAY_TEN)
    assert found is not None
    assert found.from_at == WEDNESDAY_TEN
    assert found.minutes == timedelta(hours=2).total_seconds() / 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("需要两个人抬下楼", 2),
        ("来俩人搭把手", 2),
        ("要四五个壮劳力割麦", 5),
        ("派3名志愿者", 3),
        ("找十二个人手", 12),
        ("厂里招了六个打哑语的", None),
        ("家里五口人", None),
        ("来九十九个人", None),
        ("家里冇得一个人", None),
        ("明早要八个人抬", 8),
        ("需装卸六名、统筹一名", 7),
        ("想找两个壮实的小伙子", 2),
        ("预计来三十人，搬桌子", None),
        ("电话转来：六名工人被困", None),
        ("重得四个人抬不动", None),
        ("想请一位懂电的师傅", 1),
        ("要求两名壮年协助上下楼", 2),
    ],
)
def test_helpers_are_counted_only_where_they_are_asked_for(text: str, expected: int | None) -> None:
    assert helpers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("7", 7), ("十", 10), ("二十", 20), ("三十五", 35), ("两", 2), ("十十", None), ("个", None)]
)
def test_numbers_are_read_in_either_script(text: str, expected: int | None) -> None:
    assert number(text) == expected
