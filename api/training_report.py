"""Training's findings as tables to read, and as JSON and Markdown to keep."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from matcher.catalogue import Catalogue
from matcher.understanding.agreement import Agreement
from matcher.understanding.measuring import CurvePoint, Report

Rows = Sequence[Sequence[str]]
# A title, the names of the columns, the lines: what a table is made of, on the screen as in Markdown.
Sheet = tuple[str, Sequence[str], Rows]


def curve_table(points: Sequence[CurvePoint]) -> Table:
    return _table(_curve(points))


def report_tables(report: Report, catalogue: Catalogue, *, with_labels: bool) -> list[Table]:
    """`with_labels` also shows each label's own measures."""
    return [_table(sheet) for sheet in _report(report, catalogue, with_labels=with_labels)]


def agreement_tables(found: Agreement) -> Table:
    return _table(_agreement(found))


def write_report(path: Path, parts: Mapping[str, Any], catalogue: Catalogue) -> None:
    """JSON at `path`, Markdown beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(parts, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")
    sheets: list[Sheet] = []
    if "curve" in parts:
        sheets.append(_curve(parts["curve"]))
    if "report" in parts:
        sheets.extend(_report(parts["report"], catalogue, with_labels=True))
    if "agreement" in parts:
        sheets.append(_agreement(parts["agreement"]))
    path.with_suffix(".md").write_text("\n".join(map(_markdown, sheets)), encoding="utf-8")


def _curve(points: Sequence[CurvePoint]) -> Sheet:
    rows = [(str(each.sentences or "全部"), str(each.texts), _percent(each.acceptable)) for each in points]
    return "学习曲线（按写作者留出）", ("每项句数", "学习的句数", "首个事项正确"), rows


def _report(report: Report, catalogue: Catalogue, *, with_labels: bool) -> list[Sheet]:
    overall = [
        ("文本", str(report.texts)),
        ("折数", str(report.folds)),
        ("宏平均 F1", f"{report.macro_f1:.4f}"),
        ("准确率", f"{report.accuracy:.4f}"),
        ("首个事项是所指之一", f"{report.acceptable:.4f}"),
        *(
            (f"要求 {each.wanted:.0%} 正确时不转人工的份额", f"{_percent(each.share)}（实际正确 {_percent(each.precision)}）")
            for each in report.selective
        ),
    ]
    sheets: list[Sheet] = [("没见过的文本", ("项目", "数值"), overall)]
    if with_labels:
        rows = [
            (catalogue.name_of(each.label), str(each.texts), f"{each.precision:.3f}", f"{each.recall:.3f}", f"{each.f1:.3f}")
            for each in report.labels
        ]
        sheets.append(("各标签", ("标签", "文本", "查准率", "查全率", "F1"), rows))
    pairs = [
        (catalogue.name_of(each.meant), catalogue.name_of(each.said), str(each.count), " / ".join(map(_short, each.examples)))
        for each in report.confusions
    ]
    return [*sheets, ("最容易混的", ("本意", "听成", "条数", "例句"), pairs)]


def _agreement(found: Agreement) -> Sheet:
    rows = [
        ("两人都标的文本", str(found.texts)),
        ("语料里已没有的", str(found.unknown)),
        ("首个事项一致", _percent(found.item)),
        ("首个事项 Cohen κ", f"{found.item_kappa:.3f}"),
        ("一方的首个事项被另一方认可", _percent(found.acceptable)),
        ("紧急程度一致", _percent(found.urgency)),
        ("紧急程度相差不超过一级", _percent(found.urgency_within_one)),
        ("紧急程度 Cohen κ", f"{found.urgency_kappa:.3f}"),
    ]
    return "盲标一致性", ("项目", "数值"), rows


def _table(sheet: Sheet) -> Table:
    title, columns, rows = sheet
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    return table


def _markdown(sheet: Sheet) -> str:
    title, columns, rows = sheet
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return f"## {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:60] + "……"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value))
