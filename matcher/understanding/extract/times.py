"""When a text asks to be served. Conservative on purpose: a window that was not meant shuts people out, a missed one shuts out nobody.

An hour or a part of a day counts with any day that lies ahead ("明天下午三点", "周六上午"). A bare day counts only near words that ask
("周六有人吗"), not in a story ("今天他又忘了关火", "师傅明天才来"); where it is a deadline ("明天要交"), the time from now on is meant.
"""

import re
from datetime import datetime, timedelta

from matcher.understanding.extract.clock import BEFORE, CLOCK, DAYTIME, PART, daytime, hours_of
from matcher.understanding.extract.numbers import NUMBER, number
from models.schedule import LOCAL, Window, day_window

WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": 6}
DAYS_AHEAD = {
    **dict.fromkeys(("今天", "今日", "今儿", "今朝", "今晚", "今夜"), 0),
    **dict.fromkeys(("明天", "明日", "明儿", "明朝", "明早", "明晨", "明晚", "明夜"), 1),
    **dict.fromkeys(("后天", "后日", "后儿", "后朝"), 2),
    **dict.fromkeys(("大后天", "大后日"), 3),
}
IMPLIED = {**dict.fromkeys(("今晚", "明晚", "今夜", "明夜"), "晚上"), **dict.fromkeys(("明早", "明晨"), "早上")}
DAY = re.compile(
    "(?<![清以之])(?P<word>" + "|".join(sorted(DAYS_AHEAD, key=len, reverse=True)) + ")(?!年)个?"
    "|(?P<next>下个?)?(?P<this>这个?|本)?(?<![一二两三四五六七八九十几半多整])(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    "(?![一二三四五六天次趟回遍堂针场])"
    f"|(?:(?P<month>{NUMBER})月(?:份)?|(?P<nextmonth>下个?月))(?P<date>{NUMBER})[日号]"
    f"|(?<![0-9一二三四五六七八九十两月大小第])(?P<bare>(?!两){NUMBER})号(?![楼院门线店房栋码桌口字])"
)
AFTER_DAY = 14
# Before a day these say that it is past, comes round again and again, or is told of others.
NOT_AHEAD = re.compile(r"(?:每个?|每逢|逢|天天|上个?|从|自从|都?怪|昨|前)$")
TOLD = re.compile(r"(?:[说讲话叫喊]|说要|要等到?|等到?|拖到|要到|怕|本来|让我们?)$")
ASKS = re.compile(
    r"来人|来个|来帮|来一|能来|来看|来嘞|来弄|派|帮|请|需|求助|恳请|恳求|要求|希望|盼|望|想找|想请|想要|有没有|有冇|有无|有人|谁|哪个|哪位|"
    r"能不能|能否|可否|可以|中不中|行不行|伐|上门|到场|入户|接送|陪|缺|寻|找个|找人|没人|冇得人|呒没人|呒人|复诊|透析|手术|出院|住院|开庭|检查|胃镜|回诊|预约|均可|要去"
)
TODAY_ASKS = re.compile(
    r"^(?:之?内|好来|还要|须|就?能|就要|可以|可否|有没有|有人|来|上门|到场|派|请|必须|务必|一定|还?得|急|入户|帮|之前|以前|前)(?!条)"
    r"|.{0,8}(?:能来|能不能|来人|上门|有没有人|有人[来能到]|中不中|谁能|哪个能)"
)
TODAY_ASKED = re.compile(r"(?:希望|要求|请求?|需要?|须|能|预?约|以便|望|盼|最好|想|能否|能不能|可否|务必|恳请|赶在?)(?:在|于)?$")
# The day is somebody else's, or only told of.
TELLS = re.compile(r"^(?:个|里)?(?:才|是|星期|周[一二三四五六日]|初|也|又|就?说|开始|开门|不开|闭馆|休息|天天)")
DEADLINE = re.compile(
    r"到期|截止|要?交|面试|考试|要考|出差|要飞|飞机|上学|要用|用的|急用|要穿|穿的|演出|演戏|登台|上台|比赛|赛|婚礼|典礼|开业|开张|直播|"
    r"挂号|验收|台风|下雨|大雨|暴雨|零下|下雪|降霜|降温|寒潮|送到|就到|要到|对账|搬走|交房"
)
CLAUSE_END = re.compile(r"[,。!?;…\n]|$")
CLAUSE_START = re.compile(r".*[,。!?;…\n]", re.DOTALL)
WITHIN = rf"(?:这(?:一?两|几)天|近两天|{NUMBER}(?:天|日|小时|个小时|周|个?星期|个?礼拜)之?内)"
SOON = re.compile(
    rf"(?:想|希望|最好|请|求|尽|赶|能否|能不能|要求|需|望|盼)在?(?P<wished>{WITHIN})"
    rf"|(?P<plain>{WITHIN})(?:就|都)?(?:要人|得|能|可以?|想|有人|有没有|来|派|帮|请|急|务必|必须|需|上门)"
)
COUNTED = re.compile(rf"(?P<count>{NUMBER})(?P<unit>天|日|小时|个小时|周|个?星期|个?礼拜)")
NEXT_WEEK = re.compile(r"下个?(?:周|星期|礼拜)(?![一二三四五六日天末])")
MONTH_END = re.compile(r"(?<![上每])(?:本月|这个?月)?月底(?:之前|以前|前)")


def window(text: str, at: datetime) -> Window | None:
    """The time that the normalised text asks for, if it lies ahead of `at`; the civil clock is Asia/Shanghai."""
    local = at.astimezone(LOCAL)
    for match in DAY.finditer(text):
        day = None if NOT_AHEAD.search(text[: match.start()]) else _day(match, local)
        found = _asked(match, text, day, at) if day is not None else None
        if found is not None and found.to_at > at and found.from_at < at + timedelta(days=366):
            return found if found.from_at >= at else Window(at, found.to_at)
    return _stretch(text, at)


def missed(text: str, at: datetime) -> Window | None:
    """The hours of today that the text asks for and that are over: "今天下午来修", said in the evening. What is told of the day
    ("今早漏了水") asks for nothing."""
    local = at.astimezone(LOCAL)
    for match in DAY.finditer(text):
        if DAYS_AHEAD.get(match["word"]) != 0 or NOT_AHEAD.search(text[: match.start()]):
            continue
        behind = text[match.end() :]
        part, end = PART.match(behind), _clause_end(behind)
        asks = TODAY_ASKS.search(behind[part.end() if part else 0 : end]) or TODAY_ASKED.search(text[: match.start()])
        hours = hours_of(local, _near(behind[:AFTER_DAY]), IMPLIED.get(match["word"], ""), at)
        if asks and hours is not None and hours.to_at <= at:
            return hours
    return None


def _asked(match: re.Match[str], text: str, day: datetime, at: datetime) -> Window | None:
    """The hours named behind the day, else as much of the day as the words around it ask for."""
    before, behind = text[: match.start()], text[match.end() :]
    rest = _near(behind[:AFTER_DAY])
    said = match["word"] or ""
    clause = CLAUSE_START.sub("", before) + said + behind[: _clause_end(behind)]
    deadline = DEADLINE.search(clause) is not None
    hours = hours_of(day, rest, IMPLIED.get(said, ""), at)
    if hours is not None:
        implied_only = said in IMPLIED and not re.search(r"[0-9一二两三四五六七八九十](?:点|:)", rest)
        return Window(at, hours.to_at) if implied_only and deadline and hours.to_at > at else hours
    if BEFORE.match(behind):
        return Window(at, day_window(day, *DAYTIME).from_at) if day.date() > at.astimezone(LOCAL).date() else None
    if TELLS.search(behind) or TOLD.search(before) or not _asks(match, before, behind):
        return None
    whole = daytime(day, 2 if match["weekday"] == "末" else 1)
    return Window(at, whole.to_at) if deadline and whole.to_at > at else whole


def _asks(match: re.Match[str], before: str, behind: str) -> bool:
    """Whether the words around a bare day ask for somebody then. Tomorrow and a date are seldom told without being meant; "today" opens most
    stories, so it must stand close to the asking; a day of the week needs it in its clause or the next."""
    if match["date"] or match["next"] or match["this"] or DAYS_AHEAD.get(match["word"], 0) > 0:
        return True
    if match["word"]:
        return bool(TODAY_ASKED.search(before) or TODAY_ASKS.search(behind[: _clause_end(behind)]))
    clause = CLAUSE_START.sub("", before) + behind[: _clause_end(behind)]
    after = behind[_clause_end(behind) + 1 :]
    return bool(ASKS.search(clause) or DEADLINE.search(clause) or ASKS.search(after[: _clause_end(after)]))


def _near(rest: str) -> str:
    """The rest of the day's own clause, and of the next one if it goes on with an hour: "明天,下午三点"."""
    own, next_clause = rest[: _clause_end(rest)], rest[_clause_end(rest) + 1 :]
    return f"{own} {next_clause}" if PART.match(next_clause) or CLOCK.match(next_clause) else own


def _clause_end(text: str) -> int:
    found = CLAUSE_END.search(text)
    return found.start() if found else len(text)


def _day(match: re.Match[str], local: datetime) -> datetime | None:
    if match["word"]:
        return local + timedelta(days=DAYS_AHEAD[match["word"]])
    if match["weekday"]:
        ahead = WEEKDAYS[match["weekday"]] - local.isoweekday()
        if match["next"]:
            return local + timedelta(days=ahead + 7)
        return local + timedelta(days=ahead if ahead >= 0 else ahead + 7)
    return _date(local, number(match["month"]) if match["month"] else None, number(match["date"] or match["bare"]), match)


def _date(local: datetime, month: int | None, day: int | None, match: re.Match[str]) -> datetime | None:
    """The next such date; a bare day of the month is this month's or the next's."""
    if day is None or (match["month"] and month is None):
        return None
    try:
        if month is not None:
            found = local.replace(month=month, day=day)
            return found if found.date() >= local.date() else found.replace(year=found.year + 1)
        if day >= local.day and not match["nextmonth"]:
            return local.replace(day=day)
        return (local.replace(day=1) + timedelta(days=32)).replace(day=day)
    except ValueError:
        return None


def _stretch(text: str, at: datetime) -> Window | None:
    """Days on end: "这两天", "三天内", "下周", "月底前"."""
    local = at.astimezone(LOCAL)
    soon = SOON.search(text)
    if soon is not None:
        return _until_evening(at, local + timedelta(days=_days(soon)))
    if (week := NEXT_WEEK.search(text)) and ASKS.search(text[week.end() : week.end() + 20]):
        return daytime(local + timedelta(days=8 - local.isoweekday()), 7)
    if MONTH_END.search(text):
        return _until_evening(at, (local.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    return None


def _days(soon: re.Match[str]) -> int:
    """Of "两周内" fourteen; of "这两天" two; hours count as the next day."""
    counted = COUNTED.search(soon["wished"] or soon["plain"])
    if counted is None:
        return 2
    count = number(counted["count"]) or 2
    return 1 if "小时" in counted["unit"] else count * (7 if counted["unit"][-1] in "周期拜" else 1)


def _until_evening(at: datetime, day: datetime) -> Window | None:
    end = day_window(day, 0, DAYTIME[1]).to_at
    return Window(at, end) if end > at else None
