"""A table as a file that a spreadsheet opens: CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel misreads Chinese."""

import csv
import io
from urllib.parse import quote

from aiohttp import web

from matcher.statistics.tables import Table, shown

# With one of these at its beginning a spreadsheet takes a text for a formula (OWASP, "CSV Injection").
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_of(table: Table) -> web.Response:
    name = quote(f"{table.name}.csv")
    return web.Response(
        body=written(table),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f"attachment; filename=\"statistics.csv\"; filename*=UTF-8''{name}"},
    )


def written(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(column.label) for column in table.columns])
    for row in table.rows:
        pairs = zip(row, table.columns, strict=True)
        writer.writerow([harmless(cell) if isinstance(cell, str) else shown(cell, column.kind) for cell, column in pairs])
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that stays one: names of regions and items are people's, and may begin like a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_A_FORMULA) else text
