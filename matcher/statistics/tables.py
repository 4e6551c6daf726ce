"""The statistics as tables that people read: a page shows them, a spreadsheet opens them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from matcher.catalogue import Catalogue
from matcher.ranking.eligibility import RULES
from matcher.statistics.figures import FIGURES, Kind, Value
from matcher.statistics.reporting import Gaps, LoadReport, Rates
from matcher.statistics.rows import NOT_UNDERSTOOD, common_region, region_name
from matcher.statistics.spread import STEPS, Spread, bin_label
from models.place import Regions
from models.statistics import DIMENSION_LABELS, Dimension
from models.vocabulary import label

Cell = str | Value
TOTAL = "合计"


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
    return percentage(cell) if kind == Kind.SHARE and not isinstance(cell, str) else str(cell)


def percentage(share: float) -> str:
    """Rounded as people do it: 0.0625 is 6.3%."""
    return f"{(Decimal(str(share)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def rates_table(rates: Rates, *, sortable: bool = False) -> Table:
    """The last row is the sum. `sortable`: days as 2026-03-02, which a spreadsheet knows for a date of that year."""
    columns = (Column(DIMENSION_LABELS[rates.by]), *(Column(figure.label, figure.kind) for figure in FIGURES))
    by_date = sortable and rates.by == Dimension.DAY
    rows = [(row.key if by_date else row.label, *(figure.of(row.sums) for figure in FIGURES)) for row in rates.rows]
    rows.append((TOTAL, *(figure.of(rates.total) for figure in FIGURES)))
    return Table(_named("服务成效", f"按{DIMENSION_LABELS[rates.by]}", rates), columns, tuple(rows))


def gaps_table(gaps: Gaps, catalogue: Catalogue, regions: Regions) -> Table:
    around = common_region(gap.region for gap in gaps.gaps) or gaps.scope.region
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
            region_name(gap.region, regions, around),
            gap.needs,
            gap.unmatched,
            "、".join(RULES[rule].label for rule in main_rules(gap.excluded)),
        )
        for gap in gaps.gaps
    )
    return Table(_named("供需缺口", f"按{DIMENSION_LABELS[gaps.by]}", gaps), columns, rows)


def main_rules(excluded: Mapping[str, int], most: int = 2) -> list[str]:
    """The rules that kept out the most, first the greatest."""
    return sorted((rule for rule in excluded if rule in RULES), key=lambda rule: (-excluded[rule], rule))[:most]


def loads_table(report: LoadReport) -> Table:
    spreads: list[tuple[str, Spread]] = [(label(kind), spread) for kind, spread in report.kinds.items()]
    spreads.append((TOTAL, report.all))
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
