"""How many helpers a text asks for outright."""

import re

from matcher.understanding.extract.numbers import NUMBER, number

MOST_HELPERS = 30
WHO = (
    r"人手|人员|工作人员|人|志愿者|志愿服务者|义工|小伙子?|师傅|帮手|帮工|帮厨|劳力|劳动力|青壮年|壮年|壮汉|壮|男的|女的|大个|后生家?|队员|翻译|裁判|"
    r"摄影师|老师|医生|护士|电工|保安|同志|大姐|大学生|学生|司机|主持|评委|导游|讲解员|引导员|救生员|安全员|社工"
)
ASKING = r"来|派|调|要|需要|需|缺|缺少|差|找|请|叫|喊|得|给|寻|安排|求|要求|增派|配|站|拨|抽|雇"
LISTING = r"派|调|需要|需|缺|安排|求|增派"
COUNT = rf"(?P<count>{NUMBER}|俩|仨)(?:(?:到|至|、|-|~)(?P<most>{NUMBER}))?"
HELPERS = re.compile(
    rf"(?<![冇没唔呒不说到进])(?:{ASKING})(?:上|个|大?约|至少|最少|起码|再|有|个把)?{COUNT}"
    rf"(?:来?个|位|名|口)?(?:左右)?(?:[^\W\d_]{{0,5}}[的点])?(?:{WHO})(?![们家民]|[抬搬挪]不)"
)
# "需搬运工六名": who stands before the number, and a counter says that it counts persons.
LISTED = re.compile(
    rf"(?:{LISTING})(?!电|人)[^,。!?;、训给看移]{{0,6}}?(?:约|至少|各)?(?P<count>{NUMBER})(?:(?:到|至|-|~)(?P<most>{NUMBER}))?[名位]"
    rf"(?!老|的|单|约|外|婴|高龄|聋|孩|儿)(?P<more>(?:[、,和及][^,。!?;、]{{1,6}}?(?:{NUMBER})[名位])*)"
)
ONE = re.compile(r"(?:找|请|寻|要|派|求|缺|需要?)(?:来|个)?一[位名](?!叫|姓|老|外|聋)")
MORE = re.compile(rf"({NUMBER})[名位]")
EXPECTED = re.compile(r"(?:预计|预估|估计|共|已|总共|每次|每天|说|约好|拟|计划)$")


def helpers(text: str) -> int | None:
    """How many are asked for, where the normalised text says so outright; None where it does not, or asks for too many to believe."""
    for match in HELPERS.finditer(text):
        count = number(match["most"] or match["count"])
        if count is not None and 1 <= count <= MOST_HELPERS and not _told(match, text):
            return count
    for match in LISTED.finditer(text):
        count = number(match["most"] or match["count"])
        if count is None or _told(match, text):
            continue
        total = count + sum(number(each) or 0 for each in MORE.findall(match["more"] or ""))
        if 1 <= total <= MOST_HELPERS:
            return total
    return 1 if ONE.search(text) else None


def _told(match: re.Match[str], text: str) -> bool:
    """Whether the number belongs to a story: how many are expected, or came, or are missing from home."""
    return EXPECTED.search(text[: match.start()]) is not None
