"""Orders as their provider sees them: which comes first, under which day, and the way there."""

from datetime import UTC, datetime, timedelta

from api.console.cards import Card, by_day, most_pressing, way_to
from matcher.dispatch.reading import OrderFile
from models.order import OrderStatus
from models.place import Point
from tests.make import need, order, understanding, window

# A Tuesday, 23:00 in Shanghai.
NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)


def card(name: str, hours: float | None = None, *, urgency: int = 2, ends: float | None = None, **changes: object) -> Card:
    meant = understanding(urgency=urgency, window=None if hours is None else window(start=NOW + timedelta(hours=hours)))
    expires_at = None if ends is None else NOW + timedelta(hours=ends)
    file = OrderFile(order(note=name, expires_at=expires_at, **changes), need(understanding=meant), contact_visible=False)
    return Card(file, "", "", "", [], "", "", None, None)


def names(cards: list[Card]) -> list[str]:
    return [each.order.note for each in cards]


def test_work_stands_under_its_day_and_what_has_no_time_yet_comes_after_today() -> None:
    cards = [
        card("下周", 150), card("明早", 2), card("没约时间"), card("今晚", 0.5), card("昨天没去成", -20), card("明晚", 20),
        card("已经开始", 40, status=OrderStatus.STARTED),
    ]  # fmt: skip
    assert [(day, names(found)) for day, found in by_day(cards, NOW)] == [
        ("今天", ["昨天没去成", "今晚", "已经开始"]),
        ("时间待约", ["没约时间"]),
        ("明天", ["明早", "明晚"]),
        ("以后", ["下周"]),
    ]
    assert by_day([], NOW) == []


def test_the_most_urgent_offer_comes_first_then_what_ends_first_and_what_was_applied_for_last() -> None:
    cards = [
        card("报过名", urgency=4, ends=1, status=OrderStatus.APPLIED), card("不急", urgency=1, ends=1), card("一般", ends=9),
        card("一般早到期", ends=2), card("紧急", urgency=4), card("一般不限时"),
    ]  # fmt: skip
    assert names(most_pressing(cards)) == ["紧急", "一般早到期", "一般", "一般不限时", "不急", "报过名"]


def test_the_way_is_said_in_the_order_of_each_map_and_names_no_more_than_the_community() -> None:
    way = way_to(Point(114.3, 30.6), "尚隆苑社区 & 别处")
    assert way.geo == "geo:30.600000,114.300000?q=30.600000,114.300000"
    assert "to=114.300000,30.600000,%E5%B0%9A" in way.amap
    assert "%20%26%20" in way.amap
    assert "coordinate=wgs84" in way.amap
