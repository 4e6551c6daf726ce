"""Wire shapes of what statistics are asked by."""

from datetime import date
from enum import StrEnum

from models.schemas.base import Code, Query, Term
from models.schemas.clocks import Day
from models.statistics import Dimension
from models.vocabulary import RegionLevel


class FileFormat(StrEnum):
    JSON = "json"
    CSV = "csv"


class StatisticsQuery(Query):
    """Local days, both included."""

    region = Code(load_default=None)
    from_on = Day(load_default=None, data_key="from")
    to_on = Day(load_default=None, data_key="to")
    format = Term(FileFormat, load_default=FileFormat.JSON)


class RatesQuery(StatisticsQuery):
    by = Term(Dimension, load_default=None)


class GapsQuery(StatisticsQuery):
    by = Term(RegionLevel, load_default=RegionLevel.COMMUNITY)


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
