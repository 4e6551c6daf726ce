"""What a picture of some numbers is made of. static/statistics.js draws it; the table beside it says the same in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from matcher.statistics.figures import FIGURES
from matcher.statistics.reporting import Gaps, LoadReport, Rates
from matcher.statistics.spread import STEPS, bin_label
from matcher.statistics.tables import Table
from models.statistics import TIMES
from models.vocabulary import label

# More are a wall: the table has them all.
MOST_ROWS, MOST_GAPS = 16, 12
THREE_RATES = ("responded_rate", "resolved_rate", "satisfied_rate")
BY_NAME = {figure.name: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Chart:
    """`form` is line, bar, stack (bars upon each other) or rows (bars that lie); values of a share are between 0 and 1.

    `colours` number the series' colours as the style sheet does; `note` says what is left out."""

    form: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | int | None, ...]], ...]
    colours: tuple[int, ...]
    share: bool = False
    note: str = ""

    @property
    def keys(self) -> list[tuple[str, int]]:
        return [(name, colour) for (name, _), colour in zip(self.series, self.colours, strict=True)]

    @property
    def empty(self) -> bool:
        return not any(value for _, values in self.series for value in values)

    @property
    def data(self) -> dict[str, Any]:
        series = [{"name": name, "values": values} for name, values in self.series]
        return {"form": self.form, "labels": self.labels, "series": series, "colours": self.colours, "share": self.share}


def rates_chart(rates: Rates) -> Chart:
    """The three rates of each row: a line over time, bars beside each other otherwise."""
    most = len(rates.rows) if rates.by in TIMES else MOST_ROWS
    note = f"图里是前 {most} 个，表里是全部 {len(rates.rows)} 个。" if len(rates.rows) > most else ""
    form, series = "line" if rates.by in TIMES else "bar", _series(rates, THREE_RATES, most)
    return Chart(form, _labels(rates, most), series, (0, 1, 2), True, note)


def flow_chart(rates: Rates) -> Chart:
    """How many came in, and how many of those are done."""
    return Chart("bar", _labels(rates), _series(rates, ("posted", "finished")), (7, 1))


def _labels(rates: Rates, most: int | None = None) -> tuple[str, ...]:
    return tuple(row.label for row in rates.rows[:most])


def _series(
    rates: Rates, names: Iterable[str], most: int | None = None
) -> tuple[tuple[str, tuple[float | int | None, ...]], ...]:
    return tuple((BY_NAME[name].label, tuple(BY_NAME[name].of(row.sums) for row in rates.rows[:most])) for name in names)


def gaps_chart(gaps: Gaps, table: Table) -> Chart:
    shown = gaps.gaps[:MOST_GAPS]
    labels = tuple(f"{row[0]} · {row[1]}" for row in table.rows[:MOST_GAPS])
    note = f"图里是最多的 {MOST_GAPS} 处，表里有 {len(gaps.gaps)} 处。" if len(gaps.gaps) > MOST_GAPS else ""
    return Chart("rows", labels, (("无人可派", tuple(gap.unmatched for gap in shown)),), (2,), note=note)


def loads_chart(report: LoadReport) -> Chart:
    series = tuple((label(kind), spread.bins) for kind, spread in report.kinds.items())
    return Chart("stack", tuple(bin_label(place) for place in range(len(STEPS))), series, (0, 1, 3))
