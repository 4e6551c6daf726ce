"""What a text must be told of at once: a danger, two matters in one, a time that has gone by."""

from datetime import timedelta

import pytest

from matcher.understanding.several import parts
from matcher.understanding.understander import Stated, Understander
from tests.make import AT


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("头上在流血，快来人", ["120"]),
        ("楼上着火了", ["119"]),
        ("老公又动手打我，孩子吓得躲起来了", ["110"]),
        ("电梯里困了两个人", ["119"]),
        ("妈妈早上出去到现在没回来，她记性不好", ["110"]),
        ("厨房水龙头关不紧一直漏水，明天上午在家", []),
        ("想请人讲讲怎么防小偷", []),
        ("没有着火，是想请人教老人用灭火器", []),
    ],
)
def test_a_danger_is_told_whom_to_ring(understander: Understander, text: str, numbers: list[str]) -> None:
    assert list(understander.understand(text, Stated(), AT).rescue) == numbers


def test_a_danger_without_telling_words_leaves_the_choice_to_the_resident(understander: Understander) -> None:
    assert list(understander.understand("快来，求求你们", Stated(urgency=4), AT).rescue) == ["120", "119", "110"]


def test_two_unlike_matters_in_one_text_go_to_a_person(understander: Understander) -> None:
    for text, items in (
        ("客厅的灯坏了，想请人来修。另外我妈一个人在家想找人陪着说说话", ("electrical", "elder_visit")),
        ("明早八点送我妈去医院，顺便买点菜", ("transport", "errands")),
    ):
        read = understander.understand(text, Stated(), AT)
        assert (read.apart, read.needs_review) == (items, True)
    for text in ("厨房水龙头关不紧一直漏水，还要麻烦师傅看看下面的软管", "灯坏了，再请人来看看开关", "想找人陪我妈说说话"):
        assert understander.understand(text, Stated(), AT).apart == ()
    assert parts("灯坏了,另外想理个发") == ["灯坏了", "想理个发"]


def test_a_time_of_today_that_is_over_is_told_and_not_taken(understander: Understander) -> None:
    evening = AT + timedelta(hours=3)
    late = understander.understand("水管漏水，今天下午来修", Stated(), evening)
    assert late.window is None
    assert late.missed is not None
    assert late.missed.to_at <= evening
    for text in ("今天早上水管爆了，厨房全是水，快来人", "水管漏水，明天下午来修", "水管漏水"):
        assert understander.understand(text, Stated(), evening).missed is None, text
