"""吹哨 as pages: blown, answered in time, sent back, rated and closed."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from models.account import ProviderRef
from models.vocabulary import ProviderKind, Role
from models.whistle_states import UnitStatus
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
    assert "已吹哨，叫了 2 家单位，30 分钟内报到" in seen.words
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
    assert ("消防站" in asked.words, "事情在哪里" in asked.words) == (False, True)
    grid = service.desk.context.regions.full_name(GRID)
    assert "消防站" in (await admin.get(f"/whistles/new?where={quote(grid)}")).words


async def test_another_or_a_wrong_place_keeps_what_was_typed_and_lists_whom_to_call_there(
    service: Service, visitor_of: VisitorOf
) -> None:
    plumbers = await department(service, "水务站", skills=["修水管", "疏通下水道"], point={"lng": 114.4, "lat": 30.6})
    near = await department(service, "消防站", skills=["灭火"], point={"lng": 114.3, "lat": 30.55})
    admin = await visitor_of(Role.ADMIN)
    typed = {"text": "水管爆了，一楼都是水", "note": "3 栋门前", "minutes": "20", "where": "没有这个地方的"}
    for path in ("/whistles/new/units", "/whistles/new"):
        wrong = await admin.post(path, typed | {"units": f"organisation:{plumbers['id']}"})
        assert (wrong.status, "没有这个地方" in wrong.words, "水管爆了，一楼都是水</textarea>" in wrong.text) == (422, True, True)
        assert 'value="3 栋门前"' in wrong.text
    grid = service.desk.context.regions.full_name(GRID)
    seen = await admin.post("/whistles/new/units", typed | {"where": grid})
    assert (seen.status, "一楼都是水</textarea>" in seen.text, f'value="{grid}"' in seen.text) == (200, True, True)
    fitting, others = seen.text.index("像是对口的（1）"), seen.text.index("职能部门（1）")
    assert fitting < seen.text.index(plumbers["id"]) < others < seen.text.index(near["id"])
    blown = await admin.post("/whistles/new", typed | {"where": grid, "units": f"organisation:{plumbers['id']}"})
    assert "已吹哨，叫了 1 家单位，20 分钟内报到" in blown.words


async def test_who_has_not_come_in_time_can_be_rung_and_stands_first(service: Service, visitor_of: VisitorOf) -> None:
    late = await department(service, "城管中队", contact={"phone": "00087654321"})
    body = {"region": COMMUNITY, "text": "路面塌了一块", "units": [{"kind": "organisation", "id": late["id"]}]}
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", body, expect=201)
    assert whistle["phones"] == {f"organisation:{late['id']}": "00087654321"}
    clerk = await visitor_of(Role.COMMUNITY)
    assert 'href="tel:00087654321"' in (await clerk.get(f"/whistles/{whistle['id']}")).text
    kept = await service.store.whistles.get(whistle["id"])
    assert kept
    absent = replace(kept, units=(replace(kept.units[0], status=UnitStatus.ABSENT),), revision=kept.revision + 1)
    await service.store.whistles.replace(absent)
    await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", body | {"text": "路灯倒了"}, expect=201)
    seen = await clerk.get("/desk/regions")
    assert "1 家没按时报到" in seen.words
    assert seen.text.index("路面塌了") < seen.text.index("路灯倒了")
    unit = await as_unit(service, visitor_of, late)
    assert "00087654321" not in (await unit.get(f"/me/whistles/{whistle['id']}")).text
