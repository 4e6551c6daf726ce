"""What else a text says: when, and how many helpers. Conservative on purpose: a window that was not meant shuts people out.

A time counts only with a day that lies ahead ("明天下午三点", "周六上午", "国庆那几天" does not); what happened yesterday or every night does not.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from models.schedule import LOCAL, Window, day_window

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
NUMBER = r"[0-9]{1,2}|[〇零一二两三四五六七八九十]{1,3}"
WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
MOST_HELPERS = 30

# Local hours of the parts of a day.
PARTS = {
    "凌晨": (0, 6),
    **dict.fromkeys(("清早", "清晨"), (6, 9)),
    **dict.fromkeys(("早上", "早晨"), (6, 10)),
    **dict.fromkeys(("上午", "上半日", "上昼"), (8, 12)),
    **dict.fromkeys(("中午", "晌午"), (11, 14)),
    **dict.fromkeys(("下午", "下半日", "后半晌"), (13, 18)),
    "傍晚": (17, 20),
    "夜里": (18, 23),
    **dict.fromkeys(("晚上", "夜到", "晚"), (18, 22)),
}
DAYTIME = (8, 20)
# A time without an end is taken to need two hours.
DEFAULT_HOURS = 2

DAYS_AHEAD = {
    **dict.fromkeys(("今天", "今日", "今儿", "今朝", "今晚", "今夜"), 0),
    **dict.fromkeys(("明天", "明日", "明儿", "明朝", "明早", "明晚"), 1),
    **dict.fromkeys(("后天", "后日", "后儿", "后朝"), 2),
    **dict.fromkeys(("大后天", "大后日"), 3),
}
DAY = re.compile(
    "(?P<word>" + "|".join(sorted(DAYS_AHEAD, key=len, reverse=True)) + ")"
    "|(?P<next>下个?)?(?P<this>这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    f"|(?:(?P<month>{NUMBER})月)(?P<date>{NUMBER})[日号]"
    f"|(?<![0-9一二三四五六七八九十月])(?P<bare>{NUMBER})号(?![楼院门线店房栋])"
)
PART = re.compile("|".join(sorted(PARTS, key=len, reverse=True)))
CLOCK = re.compile(
    rf"(?P<hour>{NUMBER})(?:点钟|点|时|:(?P<colon>[0-5][0-9]))(?:(?P<half>半)|(?P<quarter>一刻|三刻)|(?P<minute>[0-5][0-9])分?)?"
)
UNTIL = re.compile(r"^\s*(?:到|至|-|—|~)\s*(?P<part>上午|中午|下午|晚上)?")
SOON = re.compile(r"这两天|这几天|这一两天|近两天|两天内|三天内|尽这两天")
AFTER_DAY = 14
# Before a day these say that it is past, or comes round again and again.
NOT_AHEAD = re.compile(r"(?:每个?|天天|上个?|从|自从|都?怪|昨)$")
HELPERS = re.compile(
    rf"(?:来|派|要|需要|需|缺|找|请|叫|喊|得|给)(?:上|个)?(?P<count>{NUMBER}|俩|仨)(?:到(?P<most>{NUMBER}))?(?:来?个|位|名|口)?"
    r"(?:左右)?的?(?P<who>人手|人|志愿者|义工|小伙|师傅|帮手|劳力|劳动力|壮|男的|大个|后生)"
)


def helpers(text: str) -> int | None:
    """How many are asked for, where the text says so outright."""
    match = HELPERS.search(text)
    if match is None:
        return None
    count = number(match["most"] or match["count"])
    return count if count is not None and 1 <= count <= MOST_HELPERS else None


def window(text: str, at: datetime) -> Window | None:
    """The time that the text asks for, if it lies ahead of `at`; the civil clock is Asia/Shanghai."""
    for match in DAY.finditer(text):
        if NOT_AHEAD.search(text[: match.start()]):
            continue
        day = _day(match, at.astimezone(LOCAL))
        if day is None:
            continue
        found = _within(day, match.group(), text[match.end() : match.end() + AFTER_DAY], weekend=match["weekday"] == "末")
        if found.to_at > at and found.from_at < at + timedelta(days=366):
            return found if found.from_at >= at else Window(at, found.to_at)
    if SOON.search(text):
        return Window(at, day_window(at + timedelta(days=2), 0, DAYTIME[1]).to_at)
    return None


def number(text: str) -> int | None:
    """A count below a hundred, in Arabic or Chinese digits; of "四五" the larger."""
    if text.isascii():
        return int(text)
    tens, has_ten, ones = text.partition("十")
    if not has_ten:
        return DIGITS.get(text[-1]) if len(text) <= 2 and text[0] in DIGITS else None
    if any(digit not in DIGITS for digit in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * (DIGITS[tens] if tens else 1) + (DIGITS[ones] if ones else 0)


def _day(match: re.Match[str], local: datetime) -> datetime | None:
    if match["word"]:
        return local + timedelta(days=DAYS_AHEAD[match["word"]])
    if match["weekday"]:
        ahead = WEEKDAYS[match["weekday"]] - local.isoweekday()
        if match["next"]:
            return local + timedelta(days=ahead + 7)
        return local + timedelta(days=ahead if ahead >= 0 else ahead + 7)
    if match["month"]:
        return _date(local, lambda: number(match["month"]), lambda: number(match["date"]))
    return _date(local, lambda: None, lambda: number(match["bare"]))


def _date(local: datetime, month: Callable[[], int | None], date: Callable[[], int | None]) -> datetime | None:
    """The next such date; a bare day of the month is this month's or the next's."""
    asked_month, asked_day = month(), date()
    if asked_day is None:
        return None
    try:
        if asked_month is not None:
            found = local.replace(month=asked_month, day=asked_day)
            return found if found.date() >= local.date() else found.replace(year=found.year + 1)
        if asked_day >= local.day:
            return local.replace(day=asked_day)
        return (local.replace(day=1) + timedelta(days=32)).replace(day=asked_day)
    except ValueError:
        return None


def _within(day: datetime, said: str, rest: str, *, weekend: bool) -> Window:
    """The hours of the day that the words behind it name; the daytime where they name none."""
    implied = "晚上" if said in ("今晚", "明晚", "今夜") else "早上" if said == "明早" else ""
    part = PART.search(rest)
    clock = CLOCK.search(rest)
    name = part.group() if part and (clock is None or part.start() < clock.start()) else implied
    if clock is not None:
        start = _minutes(clock, name)
        end = _end(rest[clock.end() :], name, start)
        return day_window(day, start / 60, end / 60)
    if name:
        return day_window(day, *PARTS[name])
    whole = day_window(day, *DAYTIME)
    return Window(whole.from_at, whole.to_at + timedelta(days=1)) if weekend else whole


def _minutes(clock: re.Match[str], part: str) -> int:
    hour = number(clock["hour"]) or 0
    minute = (
        30 if clock["half"] else {"一刻": 15, "三刻": 45}.get(clock["quarter"] or "", int(clock["colon"] or clock["minute"] or 0))
    )
    if hour < 12 and (
        part in ("下午", "下半日", "后半晌", "傍晚", "晚上", "夜里", "夜到", "晚") or (part in ("中午", "晌午") and hour < 6)
    ):
        hour += 12
    elif not part and 1 <= hour <= 6:
        hour += 12  # nobody asks for help at three in the morning without saying so
    return min(hour * 60 + minute, 24 * 60 - 1)


def _end(rest: str, part: str, start: int) -> int:
    until = UNTIL.search(rest)
    if until is not None:
        clock = CLOCK.match(rest[until.end() :])
        if clock is not None:
            end = _minutes(clock, until["part"] or part)
            if end > start:
                return end
    if re.match(r"\s*(?:以后|之后|后|往后)", rest):
        return max(start + 60, DAYTIME[1] * 60)
    return min(start + DEFAULT_HOURS * 60, 24 * 60)
