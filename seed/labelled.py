"""A city's own files: labelled texts as CSV, its catalogue as TOML or CSV, a second reader's labels. Errors are in Chinese, with line numbers."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.understanding.agreement import Relabelled
from matcher.understanding.examples import Example
from models.errors import InvalidInputError
from models.service_item import ServiceItem
from models.store.mapping import from_document

TEXT_COLUMNS = ("text", "tokens", "content", "detail", "内容", "正文", "诉求内容", "留言详情", "诉求", "描述")
LABEL_COLUMNS = ("label", "code", "category", "标签", "类别", "分类", "一级标签", "事项", "事项名称")
CODE_COLUMNS = ("code", "代码", "编码", "事项代码")
NAME_COLUMNS = ("name", "名称", "事项", "事项名称")
# Errors told at once: enough to see what is wrong with a file, few enough to read.
TOLD_ERRORS = 10
ROW_LIMIT = 2**24
# A Chinese character, a space and a Chinese character, again and again: cut into words.
CUT = re.compile(r"[\u3400-\u9fff] +[\u3400-\u9fff]")
CUT_SHARE = 0.15
NOT_BETWEEN_WORDS = re.compile(r"(?<![A-Za-z0-9]) +| +(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class History:
    examples: tuple[Example, ...]
    cut_into_words: bool


def read_labelled(path: Path, text_column: str | None = None, label_column: str | None = None) -> History:
    """Every row needs a text and a label. Texts that are already cut into words are put together again and keep their words."""
    rows = list(_rows(path))
    text, label = _column(rows, path, text_column, TEXT_COLUMNS), _column(rows, path, label_column, LABEL_COLUMNS)
    wrong = [f"第 {number} 行：{told}" for number, row in rows[1:] if (told := _complaint(row, rows[0][1], text, label))]
    if wrong:
        more = [f"……另有 {len(wrong) - TOLD_ERRORS} 行"] if len(wrong) > TOLD_ERRORS else []
        lines = [f"{path} 有 {len(wrong)} 行不能用", *wrong[:TOLD_ERRORS], *more]
        told = "\n".join(lines)
        raise InvalidInputError(told)
    if len(rows) < 2:
        raise InvalidInputError(f"{path} 里只有表头，没有文本")
    pairs = [(row[text].strip(), row[label].strip()) for _, row in rows[1:]]
    cut = is_cut_into_words([each for each, _ in pairs])
    return History(tuple(_example(each, code, cut) for each, code in pairs), cut)


def is_cut_into_words(texts: Sequence[str]) -> bool:
    spaces = sum(len(CUT.findall(text)) for text in texts)
    return spaces > CUT_SHARE * sum(len(text) for text in texts) / 2


def _example(text: str, label: str, cut: bool) -> Example:
    return (
        Example(NOT_BETWEEN_WORDS.sub("", text), (label,), "", words=tuple(text.split())) if cut else Example(text, (label,), "")
    )


def _complaint(row: list[str], header: list[str], text: int, label: int) -> str:
    if len(row) != len(header):
        return f"有 {len(row)} 列，表头有 {len(header)} 列"
    if not row[text].strip():
        return f"“{header[text]}”是空的"
    return "" if row[label].strip() else f"“{header[label]}”是空的"


def _column(rows: list[tuple[int, list[str]]], path: Path, asked: str | None, usual: Sequence[str]) -> int:
    header = [name.strip() for name in rows[0][1]] if rows else []
    for name in (asked,) if asked else usual:
        if name in header:
            return header.index(name)
    wanted = f"没有“{asked}”这一列" if asked else f"没有名为 {'、'.join(usual)} 的列，请用 --text-column、--label-column 指明"
    raise InvalidInputError(f"{path} 第 1 行：{wanted}；表头是：{'、'.join(header) or '空'}")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of a CSV in UTF-8 or GB18030, empty lines left out."""
    csv.field_size_limit(ROW_LIMIT)
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    number = 1
    try:
        for row in reader:
            if row:
                yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInputError(f"{path} 第 {number} 行：不是 CSV（{error}）") from error


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"读不了 {path}：{error.strerror}") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise InvalidInputError(f"{path} 第 {line} 行：既不是 UTF-8 也不是 GB18030")


def read_catalogue(path: Path) -> tuple[ServiceItem, ...]:
    """TOML as in seed/catalogue, a folder of such files, or a CSV with a column for the code and one for the name."""
    if path.is_dir():
        items = [item for each in sorted(path.glob("*.toml")) for item in _toml_items(each)]
    else:
        items = _toml_items(path) if path.suffix == ".toml" else _csv_items(path)
    if not items:
        raise InvalidInputError(f"{path} 里没有服务事项")
    twice = sorted({item.code for item in items if sum(other.code == item.code for other in items) > 1})
    if twice:
        raise InvalidInputError(f"{path}：事项代码重复：{'、'.join(twice)}")
    return tuple(items)


def _toml_items(path: Path) -> list[ServiceItem]:
    try:
        group = tomllib.loads(path.read_text(encoding="utf-8"))
        shared = {"group": group["group"], "group_name": group["name"]}
        return [from_document({"covers": "", **item, **shared}, ServiceItem) for item in group["item"]]
    except OSError as error:
        raise InvalidInputError(f"读不了 {path}：{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} 不是 TOML：{error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(f"{path}：每组要有 group、name 和 [[item]]，每项至少要有 code 和 name（{error!r}）") from error
    except Exception as error:  # cattrs gathers what is wrong with a document into groups of its own
        if not isinstance(error, ExceptionGroup):
            raise
        raise InvalidInputError(f"{path}：有的事项缺少字段或字段不对：{error.exceptions[0]}") from error


def _csv_items(path: Path) -> list[ServiceItem]:
    rows = list(_rows(path))
    code, name = _column(rows, path, None, CODE_COLUMNS), _column(rows, path, None, NAME_COLUMNS)
    for number, row in rows[1:]:
        if len(row) != len(rows[0][1]) or not row[code].strip() or not row[name].strip():
            raise InvalidInputError(f"{path} 第 {number} 行：要有代码和名称")
    return [plain_item(row[code].strip(), row[name].strip()) for _, row in rows[1:]]


def plain_item(code: str, name: str) -> ServiceItem:
    """An item of which nothing but its name is known: anyone may serve."""
    return ServiceItem(code=code, name=name, group="city", group_name="本市事项", covers=name)


def write_catalogue(items: Sequence[ServiceItem], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name"), *((item.code, item.name) for item in items)])


def read_relabelled(path: Path) -> list[Relabelled]:
    """Lines of: id of the text, item, other items (separated by ;), urgency; with tabs between."""
    found = []
    for number, line in enumerate(_decoded(path).splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or cells[0] == "text_sha256_12":
            continue
        if len(cells) != 4 or not cells[0] or not cells[1] or cells[3] not in ("1", "2", "3", "4"):
            raise InvalidInputError(f"{path} 第 {number} 行：应当是 编号、事项、其他事项（; 分隔）、紧急程度 1–4，用制表符分开")
        also = tuple(code.strip() for code in cells[2].split(";") if code.strip())
        found.append(Relabelled(cells[0], (cells[1], *also), int(cells[3])))
    return found
