"""Statistics over HTTP: a round shows in the figures of those who oversee it, and as a file that Excel opens."""

import csv
import io

from api.spreadsheet import harmless, written
from matcher.statistics.tables import Column, Table
from models.vocabulary import Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, Service

PATH = "/api/v1/statistics"


async def test_a_round_shows_in_the_figures_of_its_region_and_in_no_other(service: Service) -> None:
    need, volunteer = await service.need(), await service.volunteer()
    order = await service.offer(need, volunteer)
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "换了阀芯"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    judgement = {"responded": True, "resolved": True, "satisfied": False, "score": 3}
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/evaluation", judgement, expect=201)

    found = await service.call(Role.COMMUNITY, "GET", f"{PATH}/rates", expect=200)
    assert (found["region"], found["by"], [row["key"] for row in found["rows"]]) == (COMMUNITY, "grid", [GRID])
    total = found["total"]
    assert (total["posted"], total["finished"], total["judged"], total["served"]) == (1, 1, 1, 1)
    assert (total["responded_rate"], total["resolved_rate"], total["satisfied_rate"]) == (1.0, 1.0, 0.0)
    assert (total["on_time_rate"], total["returned_rate"], total["redone_rate"]) == (1.0, 0.0, 0.0)
    services = await service.call(Role.STREET, "GET", f"{PATH}/rates?by=service&region={GRID}", expect=200)
    assert [(row["key"], row["accepted"]) for row in services["rows"]] == [(need["understanding"]["services"][0]["code"], 1)]

    loads = await service.call(Role.COMMUNITY, "GET", f"{PATH}/loads", expect=200)
    assert (loads["total"]["orders"], loads["total"]["most"]) == (1, 1)
    assert volunteer["name"] not in str(loads)

    stranger = await service.account(Role.COMMUNITY, FAR_COMMUNITY)
    for asked in ("", f"?region={COMMUNITY}"):
        for table in ("rates", "gaps"):
            assert (await service.call(stranger, "GET", f"{PATH}/{table}{asked}", expect=200))["rows"] == []
        assert (await service.call(stranger, "GET", f"{PATH}/loads{asked}", expect=200))["total"]["orders"] == 0


async def test_a_need_that_nobody_can_meet_is_a_gap_with_its_reason(service: Service) -> None:
    need = await service.need()
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", {"mode": "sequence"})
    found = await service.call(Role.COMMUNITY, "GET", f"{PATH}/gaps?by=grid", expect=200)
    assert [(row["region"], row["needs"], row["unmatched"]) for row in found["rows"]] == [(GRID, 1, 1)]
    assert found["rows"][0]["service_name"] == need["understanding"]["services"][0]["name"]


async def test_a_period_ends_no_earlier_than_it_begins_and_is_a_year_at_most(service: Service) -> None:
    for query, field in (("from=2026-03-02&to=2026-03-01", "to"), ("from=2025-01-01&to=2026-03-01", "from")):
        answer = await service.call(Role.ADMIN, "GET", f"{PATH}/rates?{query}", expect=422)
        assert list(answer["fields"]) == [field]
    days = await service.call(Role.ADMIN, "GET", f"{PATH}/rates?from=2026-03-01&to=2026-03-02&by=day", expect=200)
    assert [row["key"] for row in days["rows"]] == ["2026-03-01", "2026-03-02"]


async def test_a_table_comes_as_a_file_with_the_same_numbers(service: Service) -> None:
    await service.need()
    headers = {"Authorization": f"Bearer {await service.token(Role.COMMUNITY)}"}
    for table, first in (("rates", "网格"), ("gaps", "服务事项"), ("loads", "接单数")):
        async with service.client.get(f"{PATH}/{table}?format=csv", headers=headers) as response:
            assert (response.status, response.content_type) == (200, "text/csv")
            assert response.headers["Content-Disposition"].startswith("attachment")
            body = await response.read()
        assert body.startswith("\ufeff".encode()), "without it Excel does not read Chinese"
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        assert rows[0][0] == first
        assert {len(row) for row in rows} == {len(rows[0])}
        if table == "rates":
            assert rows[-1][:2] == ["合计", "1"]


def test_a_name_that_begins_like_a_formula_stays_a_name() -> None:
    for text in ("=1+1", "+86", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "＝1"):
        assert harmless(text) == f"'{text}"
    assert harmless("修水管") == "修水管"
    table = Table("t", (Column("=x"), Column("n")), (("=HYPERLINK(1)", -1), ('a"b,c', None)))
    assert written(table).decode("utf-8-sig").splitlines() == ["'=x,n", "'=HYPERLINK(1),-1", '"a""b,c",']
