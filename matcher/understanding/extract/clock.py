"""The hours of a day as people name them: "下午三点到五点", "晚上", "八点半以后"."""

import re
from datetime import datetime, timedelta

from matcher.understanding.extract.numbers import NUMBER, number
from models.schedule import Window, day_window

# Local hours of the parts of a day.
PARTS = {
    "凌晨": (0, 6),
    **dict.fromkeys(("清早", "清晨"), (6, 9)),
    **dict.fromkeys(("早上", "早晨", "大早"), (6, 10)),
    **dict.fromkeys(("上午", "上半日", "上半天", "上昼", "前半晌"), (8, 12)),
    **dict.fromkeys(("中午", "晌午", "日昼"), (11, 14)),
    **dict.fromkeys(("下午", "下半日", "下半天", "后半晌"), (13, 18)),
    "傍晚": (17, 20),
    **dict.fromkeys(("夜里", "半夜"), (18, 23)),
    **dict.fromkeys(("晚上", "夜到", "黑喽", "黑了", "黑里", "晚"), (18, 22)),
}
AFTERNOON = ("下午", "下半日", "下半天", "后半晌", "傍晚", "晚上", "夜里", "半夜", "夜到", "黑喽", "黑了", "黑里", "晚")
NOON = ("中午", "晌午", "日昼")
DAYTIME = (8, 20)
# A time without an end is taken to need two hours.
DEFAULT_HOURS = 2
LAST_MINUTE = 24 * 60

PART = re.compile("|".join(sorted(PARTS, key=len, reverse=True)))
CLOCK = re.compile(
    rf"(?<![快早晚有差好多少大小慢轻远近])(?P<hour>{NUMBER})(?:点钟|(?<!一)点|(?<=[十零]一)点|(?<=一)点(?=半|[0-9]|到|以|之|前|后|左右|来|[,。!?]|$)|时(?!候|间|段|常)|:(?P<colon>[0-5][0-9]))"
    r"(?:(?P<half>半)|(?P<quarter>一刻|三刻)|(?P<minute>[0-5][0-9])分?)?"
)
UNTIL = re.compile(r"^\s*(?:到|至|-|—|~)\s*(?P<part>上午|中午|下午|晚上)?")
BEFORE = re.compile(r"^\s*(?:钟)?(?:以前|之前|前(?![头后面天几])|截止|截至)")
AFTER = re.compile(r"^\s*(?:以后|之后|后(?![天头面])|往后)")


def hours_of(day: datetime, rest: str, implied: str, at: datetime) -> Window | None:
    """The stretch of `day` that the words behind it name; None where they name none. `implied` is a part of the day already said;
    what is wanted before an hour is wanted from `at` on."""
    part, clock = PART.search(rest), CLOCK.search(rest)
    name = part.group() if part and (clock is None or part.start() < clock.start()) else implied
    if clock is not None and (start := _minutes(clock, name)) is not None:
        after = rest[clock.end() :]
        if BEFORE.match(after):
            return Window(at, day_window(day, 0, start / 60).to_at)
        return day_window(day, start / 60, _end(after, name, start) / 60)
    return day_window(day, *PARTS[name]) if name else None


def daytime(day: datetime, days: int = 1) -> Window:
    """From the morning of `day` to the evening of the last of so many days."""
    whole = day_window(day, *DAYTIME)
    return Window(whole.from_at, whole.to_at + timedelta(days=days - 1))


def _minutes(clock: re.Match[str], part: str) -> int | None:
    hour = number(clock["hour"])
    if hour is None or hour > 24:
        return None
    quarter = {"一刻": 15, "三刻": 45}.get(clock["quarter"] or "")
    minute = 30 if clock["half"] else quarter or int(clock["colon"] or clock["minute"] or 0)
    if hour < 12 and (part in AFTERNOON or (part in NOON and hour < 6)):
        hour += 12
    elif not part and 1 <= hour <= 6:
        hour += 12  # nobody asks for help at three in the morning without saying so
    return min(hour * 60 + minute, LAST_MINUTE - 1)


def _end(rest: str, part: str, start: int) -> int:
    until = UNTIL.search(rest)
    if until is not None:
        clock = CLOCK.match(rest[until.end() :])
        end = _minutes(clock, until["part"] or part) if clock is not None else None
        if end is not None and end > start:
            return end
    if AFTER.match(rest):
        return max(start + 60, DAYTIME[1] * 60)
    return min(start + DEFAULT_HOURS * 60, LAST_MINUTE)
