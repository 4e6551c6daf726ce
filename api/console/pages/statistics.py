"""统计: how well needs are met, where nobody can meet them, how evenly work is spread. Each picture has its table and its file."""

from api.console.forms import Typed
from api.console.routing import PAGES, Nav, Page, Shown, Visit
from api.console.statistics.choices import gap_level, pace, periods, place_name, regions, ways
from api.console.statistics.parts import PATH, gaps_part, headline, loads_part, rates_part, trend_part
from api.parsing import check_text, shaped
from api.routing import OVERSEERS
from api.spreadsheet import csv_of
from matcher.statistics.reporting import Asked, Scope
from matcher.statistics.tables import gaps_table, loads_table, rates_table
from models.schemas.base import Code, Query, Term
from models.schemas.clocks import Day
from models.schemas.statistics import day_of
from models.statistics import DIGITS, TIMES, Dimension
from models.vocabulary import RegionLevel


class StatisticsPage(Query):
    region = Code(load_default=None)
    from_on = Day(load_default=None, data_key="from")
    to_on = Day(load_default=None, data_key="to")
    by = Term(Dimension, load_default=None)


def asked_of(visit: Visit) -> tuple[Asked, Dimension | None]:
    """What is left empty in the form is not asked for."""
    given = {name: value for name, value in visit.request.query.items() if value}
    for name, value in given.items():
        check_text(name)
        check_text(value)
    query = shaped(StatisticsPage(), given)
    return Asked(query["region"], day_of(query["from_on"]), day_of(query["to_on"])), query["by"]


async def page(visit: Visit) -> Shown:
    """What cannot be asked is said beside its field, without figures: they would be of another question."""
    if visit.problem:
        return refused(visit)
    asked, by = asked_of(visit)
    reporting, context = visit.desk.reporting, visit.desk.context
    rates = await reporting.rates(visit.who, asked, by)
    parts = [rates_part(rates)]
    if rates.by not in TIMES:
        parts.append(trend_part(await reporting.rates(visit.who, asked, pace(rates.scope.period))))
    parts.append(gaps_part(await reporting.gaps(visit.who, asked, gap_level(rates)), context))
    parts.append(loads_part(await reporting.loads(visit.who, asked)))
    context_of = choices(visit, rates.scope, rates.by, rates.by if by else None)
    return Page("statistics/page.html", context_of | {"parts": parts, "headline": headline(rates)})


def refused(visit: Visit) -> Page:
    scope = visit.desk.reporting.scope(visit.who, Asked())
    nothing = {"parts": [], "headline": [], "typed": Typed(visit.request.query.items())}
    return Page("statistics/page.html", choices(visit, scope, None, None) | nothing)


def choices(visit: Visit, scope: Scope, by: Dimension | None, kept: Dimension | None) -> dict[str, object]:
    """What the form shows; `kept` is the way of counting that another period is asked in."""
    context = visit.desk.context
    return {
        "scope": scope,
        "by": by or "",
        "place": place_name(scope.region, context),
        "regions": regions(visit.who, scope.region, context),
        "ways": ways(scope.region),
        "periods": periods(scope, kept, context),
    }


PAGES.add("GET", PATH, access=OVERSEERS, again=page, nav=Nav("统计", "chart-bar", 70))(page)


@PAGES.add("GET", f"{PATH}/rates.csv", access=OVERSEERS)
async def rates_file(visit: Visit) -> Shown:
    return csv_of(rates_table(await visit.desk.reporting.rates(visit.who, *asked_of(visit)), sortable=True))


@PAGES.add("GET", f"{PATH}/gaps.csv", access=OVERSEERS)
async def gaps_file(visit: Visit) -> Shown:
    asked, by = asked_of(visit)
    level = RegionLevel(by) if by in DIGITS else RegionLevel.COMMUNITY
    context = visit.desk.context
    return csv_of(gaps_table(await visit.desk.reporting.gaps(visit.who, asked, level), context.catalogue, context.regions))


@PAGES.add("GET", f"{PATH}/loads.csv", access=OVERSEERS)
async def loads_file(visit: Visit) -> Shown:
    return csv_of(loads_table(await visit.desk.reporting.loads(visit.who, asked_of(visit)[0])))
