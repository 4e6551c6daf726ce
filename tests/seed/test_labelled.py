"""A city's own files: what is read, and what the person who wrote them is told."""

from pathlib import Path

import pytest

from models.errors import InvalidInputError
from seed.labelled import read_catalogue, read_labelled, read_relabelled, write_catalogue

ROWS = "留言详情,一级标签\n路灯不亮了，晚上看不见,公共设施\n楼上漏水,物业\n"


def written(folder: Path, content: str | bytes, name: str = "texts.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_history_is_read_in_the_encodings_of_city_offices(tmp_path: Path, encoding: str) -> None:
    history = read_labelled(written(tmp_path, ROWS.encode(encoding)))
    assert [(each.text, each.codes) for each in history.examples] == [
        ("路灯不亮了，晚上看不见", ("公共设施",)),
        ("楼上漏水", ("物业",)),
    ]
    assert not history.cut_into_words


def test_text_that_came_in_words_is_put_together_and_keeps_its_words(tmp_path: Path) -> None:
    path = written(tmp_path, "tokens,label\nA1 区 蔡家 南路 自来水 有 霉味,x\n请 WiFi 5G 信号 差,y\n")
    first, second = read_labelled(path).examples
    assert (first.text, first.words) == ("A1区蔡家南路自来水有霉味", ("A1", "区", "蔡家", "南路", "自来水", "有", "霉味"))
    assert second.text == "请WiFi 5G信号差"


def test_columns_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "甲,乙\n物业,楼上漏水\n")
    assert read_labelled(path, "乙", "甲").examples[0].text == "楼上漏水"
    with pytest.raises(InvalidInputError, match=r"第 1 行：没有“丙”这一列；表头是：甲、乙"):
        read_labelled(path, "丙", "甲")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "第 1 行：没有名为"),
        ("text,label\n", "只有表头"),
        ("text,label\n漏水,物业\n,物业\n", "第 3 行：“text”是空的"),
        ("text,label\n漏水,\n", "第 2 行：“label”是空的"),
        ("text,label\n漏水,物业,多\n", "第 2 行：有 3 列，表头有 2 列"),
        ('text,label\n"漏水"了,物业\n', "第 2 行：不是 CSV"),
        (b"text,label\n\xff\xff,x\n", "第 2 行：既不是 UTF-8 也不是 GB18030"),
        ('text,label\n"两\n行",物业\n,物业\n', "第 4 行"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        read_labelled(written(tmp_path, content))
    assert told in error.value.detail


def test_a_catalogue_is_toml_as_ours_or_two_columns(tmp_path: Path) -> None:
    toml = 'group = "water"\nname = "供水"\n[[item]]\ncode = "leak"\nname = "漏水"\nskills = ["换阀"]\n'
    (item,) = read_catalogue(written(tmp_path, toml, "own.toml"))
    assert (item.code, item.group_name, item.skills) == ("leak", "供水", ("换阀",))
    plain = read_catalogue(written(tmp_path, "代码,名称\nleak,漏水\nnoise,噪声\n", "own.csv"))
    assert [(each.code, each.name) for each in plain] == [("leak", "漏水"), ("noise", "噪声")]
    write_catalogue(plain, tmp_path / "again.csv")
    assert read_catalogue(tmp_path / "again.csv") == plain


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("code,name\nleak,漏水\nleak,渗水\n", "a.csv", "重复：leak"),
        ("code,name\nleak,\n", "a.csv", "第 2 行：要有代码和名称"),
        ('group = "a"\nname = "b"\n[[item]]\ncode = "leak"\n', "a.toml", "缺少字段"),
        ("group = ", "a.toml", "不是 TOML"),
        ('name = "b"\n', "a.toml", "每组要有"),
    ],
)
def test_a_wrong_catalogue_is_told(tmp_path: Path, content: str, name: str, told: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        read_catalogue(written(tmp_path, content, name))
    assert told in error.value.detail


def test_a_second_readers_labels_are_read_and_a_wrong_line_is_told(tmp_path: Path) -> None:
    (one,) = read_relabelled(written(tmp_path, "0123456789ab\tplumbing\tdrain; property\t3\n", "r.tsv"))
    assert (one.id, one.codes, one.urgency) == ("0123456789ab", ("plumbing", "drain", "property"), 3)
    with pytest.raises(InvalidInputError, match="第 2 行"):
        read_relabelled(written(tmp_path, "0123456789ab\tplumbing\t\t3\n0123456789ab\tplumbing\t\t5\n", "r.tsv"))
