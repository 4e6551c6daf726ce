"""What of a need's words may be kept to learn from. All numbers and names are invented."""

import pytest

from matcher.understanding.masking import masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("水管爆了，打我电话00013812345", "水管爆了，打我电话某号码"),
        ("我号码是 000 1381 2345 快来", "我号码是 某号码 快来"),
        ("找我妈 000-87654321", "找我妈 某号码"),
        ("电话０００１３８１２３４５", "电话某号码"),
        ("幺三八零零零零幺二三四，快来人", "某号码，快来人"),
        ("我身份证00010119500101001X丢了", "我身份证某号码丢了"),
        ("微信abc_12345联系我", "微信某号联系我"),
        ("发到 ce.shi@example.org 吧", "发到 某邮箱 吧"),
        ("3栋2单元501室漏水", "某栋某单元某室漏水"),
        ("三号楼二单元门口积水", "某号楼某单元门口积水"),
        ("A座电梯坏了", "某座电梯坏了"),
        ("测试路12号院没水", "测试路某号院没水"),
        ("测试路 12 号门口路灯不亮", "测试路 某号门口路灯不亮"),
        ("住3-2-501，下水堵了", "住某室，下水堵了"),
        ("我在12-501，灯坏了", "我在某室，灯坏了"),
        ("住 602，一个人", "住 某室，一个人"),
    ],
)
def test_whom_to_ring_and_which_door_to_knock_at_are_masked(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "我们住七楼没电梯，三十斤米搬不动",
        "8月12号上午要两个人，干3-5天",
        "下午9-11点有空，来2个志愿者",
        "婆婆82岁，养老金3200元",
        "402路公交站牌倒了",
        "六十户居民停水两天",
        "水费多了九十多",
        "拨了12345没人管",
    ],
)
def test_what_says_something_about_the_need_stays(said: str) -> None:
    assert masked(said) == said


def test_masking_twice_changes_nothing_more() -> None:
    once = masked("3栋2单元501室，电话00013812345，微信 abc12345")
    assert masked(once) == once


def test_a_name_and_an_address_that_are_known_go_wherever_they_stand() -> None:
    assert masked("我是王秀英，王秀英家住东湖边", "王秀英", "东湖边", "") == "我是某某，某某家住某某"
    assert masked("王师傅修过", "王") == "王师傅修过"
