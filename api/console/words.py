"""How people say things: instants, spans of time, distances, shares and the words of the field. Chinese, in Asia/Shanghai."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from models.clock import STAGE_LABELS, Stage
from models.event import ACTION_LABELS
from models.need import NEED_STATUS_LABELS, Need, NeedStatus
from models.need_number import looks_like_number
from models.need_number import spoken as spoken_number
from models.order import ORDER_STATUS_LABELS, OrderStatus
from models.place import distance_words
from models.schedule import LOCAL, Window
from models.schedule import now as present
from models.vocabulary import LABELS, URGENCY_LABELS

WEEKDAYS = "一二三四五六日"
HOUR, DAY = 60, 24 * 60
NEARLY_TWO_HOURS = 100


def when(at: datetime | None, now: datetime | None = None) -> str:
    """今天 15:00, 昨天 09:30, 11月3日 周二 09:00, 2025年11月3日 09:00; nothing for None."""
    if at is None:
        return ""
    local, today = at.astimezone(LOCAL), (now or present()).astimezone(LOCAL)
    return f"{_day(local, today)} {local:%H:%M}"


def _day(local: datetime, today: datetime) -> str:
    days = (local.date() - today.date()).days
    if named := {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get(days):
        return named
    if local.year != today.year:
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]}"


def between(window: Window | None, now: datetime | None = None) -> str:
    """明天 09:00 到 11:00; the second day only where it is another one."""
    if window is None:
        return ""
    start, end = window.from_at.astimezone(LOCAL), window.to_at.astimezone(LOCAL)
    until = f"{end:%H:%M}" if start.date() == end.date() else when(window.to_at, now)
    return f"{when(window.from_at, now)} 到 {until}"


def left(at: datetime | None, now: datetime | None = None) -> str:
    """还剩 42 分钟, 已超时 3 小时; nothing for None. app.js says the same each second."""
    if at is None:
        return ""
    rest = at - (now or present())
    said, words = ("还剩", span(rest)) if rest > timedelta() else ("已超时", span(-rest))
    return f"{said} {words}" if words[0].isdigit() else said + words


def span(length: timedelta) -> str:
    """Two days and more in days, two hours and more in hours: nobody reads 1 小时 58 分 at a glance, nor 118 分钟."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 2 * DAY:
        return f"{minutes // DAY} 天"
    if minutes >= 2 * HOUR:
        return f"{minutes // HOUR} 小时"
    if minutes >= NEARLY_TWO_HOURS:
        return "约 2 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"


def clock_name(need: Need) -> str:
    """What must be done by the need's `due_at`, which is the earliest of its own clocks and of its orders' contact clocks."""
    own = (stage for stage, deadline in need.due.items() if deadline.met_at is None and deadline.at == need.due_at)
    return STAGE_LABELS[next(own, Stage.CONTACT)]


def kilometres(distance_km: float | None) -> str:
    return "距离不详" if distance_km is None else distance_words(distance_km)


def truncate(text: str, signs: int) -> str:
    """Cut to so many signs, as Chinese shows it."""
    return text if len(text) <= signs else f"{text[:signs].rstrip()}……"


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def label(term: StrEnum) -> str:
    """The Chinese word for a word of any vocabulary or status."""
    if isinstance(term, NeedStatus):
        return NEED_STATUS_LABELS[term]
    if isinstance(term, OrderStatus):
        return ORDER_STATUS_LABELS[term]
    return LABELS[type(term)][term]


def urgency(level: int) -> str:
    return URGENCY_LABELS[level]


def spoken(number: str) -> str:
    """4827 3915; an id as it is."""
    return spoken_number(number) if looks_like_number(number) else number


def machine(at: datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return at.isoformat(timespec="seconds") if at else ""


def typing(at: datetime | None) -> str:
    """For the value of a date-and-time field: local, to the minute."""
    return f"{at.astimezone(LOCAL):%Y-%m-%dT%H:%M}" if at else ""


def bare(lacking: str) -> str:
    """What somebody lacks, where it is said already that they lack it."""
    return lacking.removeprefix("还差：")


FILTERS: dict[str, Callable[..., Any]] = {
    "when": when,
    "between": between,
    "left": left,
    "span": span,
    "kilometres": kilometres,
    "percent": percent,
    "clock_name": clock_name,
    "truncate": truncate,
    "label": label,
    "label_of_action": ACTION_LABELS.__getitem__,
    "urgency": urgency,
    "spoken": spoken,
    "machine": machine,
    "typing": typing,
    "bare": bare,
}
