"""吹哨 as pages: blown, answered in time, sent back, rated and closed."""

import re
from typing import Any
from urllib.parse import quote

from models.account import ProviderRef
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.conftest import Visitor, VisitorOf


async def department(service: Service, name: str, **changes: Any) -> dict[str, Any]:
    body = {"name": name, "skills": ["处置"], "region": COMMUNITY[:6], "type": "department", "service_regions": [COMMUNITY[:6]]}
    answer: dict[str, Any] = await service.call(Role.ADMIN, "POST", "/api/v1/organisations", body | changes, expect=201)
    return answer


async def as_unit(service: Service, visitor_of: VisitorOf, unit: dict[str, Any]) -> Visitor:
    ref = ProviderRef(ProviderKind.ORGANISATION, unit["id"])
    return await visitor_of(await service.account(Role.ORGANISATION, provider=ref))


async def test_the_called_report_in_ask_to_be_closed_are_sent_back_and_rated(service: Service, visitor_of: VisitorOf) -> None:
    police, city = await department(service, "城管中队"), await department(service, "环卫所")
    clerk, unit = await visitor_of(Role.COMMUNITY), await as_unit(service, visitor_of, police)
    form = await clerk.get("/whistles/new")
    assert "城管中队" in form.words
    units = [("units", f"organisation:{each['id']}") for each in (police, city)]
    sent = [("region", COMMUNITY), ("text", "路面塌了一块"), ("note", "3 栋门前"), ("minutes", "30"), *units]
    seen = await clerk.post("/whistles/new", sent)
    assert re.fullmatch("/whistles/[0-9a-f]{24}", seen.path)
    assert "已吹哨，叫了 2 家，30 分钟内报到" in seen.words
    assert "还剩" in seen.words
    path = seen.path
    listed = await unit.get("/me/whistles")
    assert ("路面塌了一块" in listed.words, "环卫所" in listed.words) == (True, False)
    assert (await unit.get(path)).status == 403
    assert (await unit.post(f"/me{path}/report-in")).status == 200
    await unit.post(f"/me{path}/propose-closing", {"summary": "围起来了"})
    assert "等您答复办结" in (await clerk.get("/whistles")).words
    assert "退回了城管中队" in (await clerk.post(path + "/veto", {"reason": "还有坑"})).words
    assert "已报到" in (await clerk.post(path + "/report-in", {"unit": f"organisation:{city['id']}"})).words
    rating = {
        "summary": "填好了",
        "ratings.0.unit": f"organisation:{police['id']}",
        "ratings.0.rating": "5",
        "ratings.0.remark": "很快",
    }
    refused = await clerk.post(path + "/close", rating)
    assert (refused.status, "还没有评价：环卫所" in refused.words, "填好了</textarea>" in refused.text) == (422, True, True)
    closed = await clerk.post(
        path + "/close",
        {**rating, "ratings.1.unit": f"organisation:{city['id']}", "ratings.1.rating": "3", "ratings.1.remark": ""},
    )
    assert "已办结：填好了" in closed.words
    assert "评价 5 分 很快" in closed.words


async def test_a_whistle_about_a_need_says_its_words_and_a_wrong_form_comes_back(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need("楼道里堆满杂物 <script>alert(1)</script>")
    await department(service, "消防站<img src=x>")
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/whistles/new?need={need['id']}"
    form = await clerk.get(path)
    assert "楼道里堆满杂物" in form.words
    empty = await clerk.post(path, {"need": need["id"], "text": "", "note": "马上", "minutes": "30"})
    assert (empty.status, "至少叫一个单位" in empty.words, 'value="马上"' in empty.text) == (422, True, True)
    assert "<script>" not in form.text + empty.text
    assert "<img" not in form.text
    assert (await clerk.get("/whistles/new?need=" + "0" * 24)).status == 404
    admin = await visitor_of(Role.ADMIN)
    asked = await admin.get("/whistles/new")
    assert ("几分钟内报到" in asked.words, "事情在哪里" in asked.words) == (False, True)
    grid = service.desk.context.regions.full_name(GRID)
    assert "几分钟内报到" in (await admin.get(f"/whistles/new?where={quote(grid)}")).words
