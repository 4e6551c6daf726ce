"""The parts of the page: each a picture, its table and its file; and the figures at the head."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.console.statistics.charts import Chart, flow_chart, gaps_chart, loads_chart, rates_chart
from matcher.dispatch.context import Context
from matcher.statistics.figures import FIGURES, MAIN_FIGURES, Figure, Kind
from matcher.statistics.reporting import Gaps, LoadReport, Rates, Scope
from matcher.statistics.tables import TOTAL, Table, gaps_table, loads_table, rates_table, shown
from models.statistics import DIGITS, DIMENSION_LABELS, Dimension

PATH = "/statistics"
LONG = 16
# Which counts a share is taken of.
PARTS = {
    "responded_rate": ("responded", "judged"),
    "resolved_rate": ("resolved", "judged"),
    "satisfied_rate": ("satisfied", "judged"),
    "on_time_rate": ("kept", "clocked"),
    "returned_rate": ("returned", "accepted"),
    "redone_rate": ("redone", "delivered"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """`note` stands above the picture, `nothing` in its place where there is nothing to draw. `links` lead from the rows' first cells
    further down, where there is further to go."""

    id: str
    title: str
    chart: Chart
    table: Table
    file: str
    nothing: str
    note: str = ""
    links: tuple[str | None, ...] = ()

    @property
    def rows(self) -> list[tuple[str | None, list[str]]]:
        links = (*self.links, *[None] * (len(self.table.rows) - len(self.links)))
        kinds = [column.kind for column in self.table.columns]
        return [
            (link, [shown(cell, kind, "—") for cell, kind in zip(row, kinds, strict=True)])
            for link, row in zip(links, self.table.rows, strict=True)
        ]

    @property
    def long(self) -> bool:
        return len(self.table.rows) > LONG

    @property
    def counted(self) -> int:
        """The rows that are not the sum of the others."""
        return sum(row[0] != TOTAL for row in self.table.rows)


def address(path: str, scope: Scope, by: Dimension | None = None) -> str:
    named = {"region": scope.region, "from": scope.period.from_on, "to": scope.period.to_on, "by": by}
    return f"{path}?{urlencode({name: str(value) for name, value in named.items() if value})}"


def rates_part(rates: Rates) -> Part:
    title = f"服务成效：按{DIMENSION_LABELS[rates.by]}"
    file = address(f"{PATH}/rates.csv", rates.scope, rates.by)
    return Part("rates", title, rates_chart(rates), _main(rates), file, "这段时间里还没有评价", links=_further(rates))


def trend_part(trend: Rates) -> Part:
    title = f"点单和办结：按{DIMENSION_LABELS[trend.by]}"
    file = address(f"{PATH}/rates.csv", trend.scope, trend.by)
    return Part("trend", title, flow_chart(trend), _main(trend), file, "这段时间里没有人点单")


def gaps_part(gaps: Gaps, context: Context) -> Part:
    table = gaps_table(gaps, context.catalogue, context.regions)
    file = address(f"{PATH}/gaps.csv", gaps.scope, gaps.by)
    return Part("gaps", "供需缺口：这段时间的点单，现在还没有人可派", gaps_chart(gaps, table), table, file, "没有这样的需求")


def loads_part(report: LoadReport) -> Part:
    file = address(f"{PATH}/loads.csv", report.scope)
    spread = report.all
    who = f"{spread.people} 位（含单位）"
    even = f"平均 {spread.mean} 单，基尼系数 {spread.gini}（0 是人人一样多，越近 1 越集中）"
    note = f"{who}里 {spread.idle} 位没有接单，{even}。" if spread.orders else f"{who}都没有接单。"
    title, nothing = "负担分布：接了几单的各有多少", "这里还没有承接方"
    return Part("loads", title, loads_chart(report), loads_table(report), file, nothing, note if spread.people else "")


def headline(rates: Rates) -> list[dict[str, str]]:
    """The numbers first, then the shares with what they are taken of."""
    counts = {each.name: each.of(rates.total) for each in FIGURES}
    return [_headline(figure, rates, counts) for figure in sorted(MAIN_FIGURES, key=lambda figure: figure.kind == Kind.SHARE)]


def _headline(figure: Figure, rates: Rates, counts: dict[str, int | float | None]) -> dict[str, str]:
    part, whole = PARTS.get(figure.name, ("", ""))
    beside = f"{counts[part]} / {counts[whole]}" if part else ""
    return {"label": figure.label, "value": shown(figure.of(rates.total), figure.kind, "—"), "beside": beside}


def _main(rates: Rates) -> Table:
    """Without the counts that the shares are taken of: the file has them."""
    table, most = rates_table(rates), 1 + len(MAIN_FIGURES)
    return replace(table, columns=table.columns[:most], rows=tuple(row[:most] for row in table.rows))


def _further(rates: Rates) -> tuple[str | None, ...]:
    if rates.by not in DIGITS or rates.by == Dimension.GRID:
        return ()
    return tuple(address(PATH, replace(rates.scope, region=row.key)) for row in rates.rows)
