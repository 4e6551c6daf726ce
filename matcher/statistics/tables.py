"""The statistics as tables that people read: a page shows them, a spreadsheet opens them."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.catalogue import Catalogue
from matcher.ranking.eligibility import RULES
from matcher.statistics.figures import FIGURES, Kind, Value
from matcher.statistics.reporting import Gaps, LoadReport, Rates
from matcher.statistics.rows import NOT_UNDERSTOOD, region_name
from matcher.statistics.spread import STEPS, Spread, bin_label
from models.place import Regions
from models.statistics import DIMENSION_LABELS
from models.vocabulary import label

Cell = str | Value


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` None: text."""

    label: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is what a file of it is called, without its ending."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def shown(cell: Cell, kind: Kind | None, nothing: str = "") -> str:
    """A share as a percentage; `nothing` for what there is no number of."""
    if cell is None:
        return nothing
    return f"{cell:.1%}" if kind == Kind.SHARE and not isinstance(cell, str) else str(cell)


def rates_table(rates: Rates) -> Table:
    """The last row is the sum."""
    columns = (Column(DIMENSION_LABELS[rates.by]), *(Column(figure.label, figure.kind) for figure in FIGURES))
    rows = [(row.label, *(figure.of(row.sums) for figure in FIGURES)) for row in rates.rows]
    rows.append(("合计", *(figure.of(rates.total) for figure in FIGURES)))
    return Table(_named("服务成效", rates.by.value, rates), columns, tuple(rows))


def gaps_table(gaps: Gaps, catalogue: Catalogue, regions: Regions) -> Table:
    columns = (
        Column("服务事项"),
        Column(DIMENSION_LABELS[gaps.by]),
        Column("点单", Kind.COUNT),
        Column("无人可派", Kind.COUNT),
        Column("主要原因"),
    )
    rows = tuple(
        (
            catalogue.name_of(gap.service) if gap.service else NOT_UNDERSTOOD,
            region_name(gap.region, regions, gaps.scope.region),
            gap.needs,
            gap.unmatched,
            "、".join(RULES[rule].label for rule in main_rules(gap.excluded)),
        )
        for gap in gaps.gaps
    )
    return Table(_named("供需缺口", gaps.by.value, gaps), columns, rows)


def main_rules(excluded: Mapping[str, int], most: int = 2) -> list[str]:
    """The rules that kept out the most, first the greatest."""
    return sorted((rule for rule in excluded if rule in RULES), key=lambda rule: (-excluded[rule], rule))[:most]


def loads_table(report: LoadReport) -> Table:
    spreads: list[tuple[str, Spread]] = [(label(kind), spread) for kind, spread in report.kinds.items()]
    spreads.append(("合计", report.all))
    columns = (Column("接单数"), *(Column(name, Kind.COUNT) for name, _ in spreads))
    rows: list[tuple[Cell, ...]] = [
        (bin_label(place), *(spread.bins[place] for _, spread in spreads)) for place in range(len(STEPS))
    ]
    rows.append(("人数（含单位）", *(spread.people for _, spread in spreads)))
    rows.append(("接单合计", *(spread.orders for _, spread in spreads)))
    rows.append(("平均接单", *(spread.mean for _, spread in spreads)))
    rows.append(("最多接单", *(spread.most for _, spread in spreads)))
    rows.append(("基尼系数", *(spread.gini for _, spread in spreads)))
    return Table(_named("负担分布", "", report), columns, tuple(rows))


def _named(what: str, by: str, report: Rates | Gaps | LoadReport) -> str:
    period = report.scope.period
    parts = (what, report.scope.region or "全部", by, f"{period.from_on:%Y%m%d}-{period.to_on:%Y%m%d}")
    return "_".join(part for part in parts if part)
