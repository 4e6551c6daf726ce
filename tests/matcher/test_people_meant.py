"""For whom a need is."""

import pytest

from matcher.understanding.normalise import Normaliser
from models.vocabulary import TargetGroup
from seed.sources import make_extractor

READER = make_extractor().people
PLAIN = Normaliser().normalise


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("我婆婆八十多，下不了楼", {TargetGroup.ELDER}),
        ("我妈七十六岁了，一个人住", {TargetGroup.ELDER}),
        ("三岁娃没人看", {TargetGroup.CHILD}),
        ("五个月大的小家伙不肯喝奶粉", {TargetGroup.CHILD}),
        ("我弟弟坐轮椅，出不了门", {TargetGroup.DISABLED}),
        ("老婆坐月子，奶水不够", {TargetGroup.MATERNITY}),
        ("我表哥是退伍兵，想找活干", {TargetGroup.VETERAN}),
        ("吃低保的，交不起电费", {TargetGroup.HARDSHIP}),
        ("我爸每周透析三次", {TargetGroup.PATIENT}),
        ("奶奶带着两个孙子，都没吃饭", {TargetGroup.ELDER, TargetGroup.CHILD}),
        ("厨房水龙头关不紧", set()),
        ("儿童公园的健身器材松了", set()),
        ("妇女主任家的灯坏了", set()),
        ("今年三十岁，想找对象", set()),
        ("地里八十多袋谷子没人扛", set()),
        ("修了四十年的老房子漏雨", set()),
    ],
)
def test_groups_are_read_from_words_and_ages(text: str, groups: set[TargetGroup]) -> None:
    assert set(READER.groups(PLAIN(text))) == groups
