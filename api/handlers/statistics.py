"""统计: rates, gaps between what is needed and who is there, and how work is spread; each as JSON or as a file."""

from typing import Any

from api.routing import OVERSEERS, ROUTES, Answer, Call
from api.spreadsheet import csv_of
from api.views.shared import View
from api.views.statistics import gaps_view, loads_view, rates_view
from matcher.statistics.reporting import Asked
from matcher.statistics.tables import Table, gaps_table, loads_table, rates_table
from models.schemas.statistics import FileFormat, GapsQuery, RatesQuery, StatisticsQuery, day_of
from models.schemas.statistics_answers import GapsAnswer, LoadsAnswer, RatesAnswer

PATH = "/api/v1/statistics"


def asked_of(query: dict[str, Any]) -> Asked:
    return Asked(query["region"], day_of(query["from_on"]), day_of(query["to_on"]))


def _in_format(call: Call, view: View, table: Table) -> Answer:
    return csv_of(table) if call.query["format"] == FileFormat.CSV else view


@ROUTES.add(
    "GET",
    PATH + "/rates",
    access=OVERSEERS,
    query=RatesQuery,
    answer=RatesAnswer,
    summary="服务成效：响应率、解决率、满意率、按时、退单、重办、时长；format=csv 下载",
)
async def rates(call: Call) -> Answer:
    found = await call.desk.reporting.rates(call.who, asked_of(call.query), call.query["by"])
    return _in_format(call, rates_view(found, call.desk.context), rates_table(found, sortable=True))


@ROUTES.add(
    "GET",
    PATH + "/gaps",
    access=OVERSEERS,
    query=GapsQuery,
    answer=GapsAnswer,
    summary="供需缺口：哪里的哪些事项有需求却无人可派；format=csv 下载",
)
async def gaps(call: Call) -> Answer:
    found, context = await call.desk.reporting.gaps(call.who, asked_of(call.query), call.query["by"]), call.desk.context
    return _in_format(call, gaps_view(found, context), gaps_table(found, context.catalogue, context.regions))


@ROUTES.add(
    "GET",
    PATH + "/loads",
    access=OVERSEERS,
    query=StatisticsQuery,
    answer=LoadsAnswer,
    summary="负担分布：多少人接了多少单，不列姓名；format=csv 下载",
)
async def loads(call: Call) -> Answer:
    found = await call.desk.reporting.loads(call.who, asked_of(call.query))
    return _in_format(call, loads_view(found, call.desk.context), loads_table(found))
