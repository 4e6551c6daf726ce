"""吹哨报到: one call, several units, a clock for each; and how they answered in a period."""

from collections.abc import Mapping
from typing import Any

from api.paging import decode_cursor, page
from api.routing import OVERSEERS, PROVIDERS_AND_OVERSEERS, ROUTES, Answer, Call
from api.views.whistles import assessment_view, unit_view, whistle_line_view, whistle_view
from matcher.dispatch.whistle.blowing import Blow
from models.account import ProviderRef
from models.called_unit import Rating
from models.schemas.answers import page_of
from models.schemas.whistle_answers import AssessmentAnswer, UnitsAnswer, WhistleAnswer, WhistleLineAnswer
from models.schemas.whistles import (
    AssessmentQuery,
    CloseWhistleShape,
    ProposeClosingShape,
    ReportInShape,
    UnitsQuery,
    VetoShape,
    WhistleQuery,
    WhistleShape,
)
from models.whistle import WhistleFilter

PATH = "/api/v1/whistles/{id}"


def ref_of(said: dict[str, Any] | None) -> ProviderRef | None:
    return ProviderRef(**said) if said else None


def blow_of(body: Mapping[str, Any]) -> Blow:
    """From a WhistleShape."""
    said = dict(body)
    units, squads = tuple(ProviderRef(**each) for each in said.pop("units")), tuple(said.pop("squads"))
    return Blow(need_id=said.pop("need"), units=units, squads=squads, **said)


def ratings_said(body: Mapping[str, Any]) -> tuple[dict[ProviderRef, Rating], dict[str, Rating]]:
    """From a CloseWhistleShape: of units, and of squads by their ids."""
    units = {ProviderRef(**each["unit"]): Rating(each["rating"], each["remark"]) for each in body["ratings"]}
    return units, {each["squad"]: Rating(each["rating"], each["remark"]) for each in body["squad_ratings"]}


async def _read(call: Call, whistle_id: str) -> Answer:
    file = await call.desk.whistles.get(call.who, whistle_id)
    return whistle_view(file, await call.desk.whistles.phones(call.who, file.whistle), call.desk.context)


@ROUTES.add(
    "POST",
    "/api/v1/whistles",
    access=OVERSEERS,
    body=WhistleShape,
    answer=WhistleAnswer,
    status=201,
    summary="吹哨：为一件事叫几个单位或队伍限时报到",
)
async def blow(call: Call) -> Answer:
    whistle = await call.desk.whistles.blow(call.who, blow_of(call.body))
    return await _read(call, whistle.id)


@ROUTES.add(
    "GET",
    "/api/v1/whistles",
    access=PROVIDERS_AND_OVERSEERS,
    query=WhistleQuery,
    answer=page_of(WhistleLineAnswer),
    summary="吹哨列表，新的在前；单位看到叫了自己的",
)
async def list_whistles(call: Call) -> Answer:
    limit = call.query["limit"]
    wanted = WhistleFilter(region=call.query["region"], need_id=call.query["need"], status=call.query["status"])
    files = await call.desk.whistles.list(call.who, wanted, limit + 1, decode_cursor(call.query["cursor"]))
    return page(files, limit, lambda file: file.whistle.id, lambda file: whistle_line_view(file.whistle, call.desk.context))


@ROUTES.add(
    "GET",
    "/api/v1/units",
    access=OVERSEERS,
    query=UnitsQuery,
    answer=UnitsAnswer,
    summary="一个区划里可以吹哨叫到的单位和党员，职能部门在前",
)
async def units(call: Call) -> Answer:
    found = await call.desk.whistles.units_to_call(call.who, call.query["region"])
    return {"units": [unit_view(each, call.desk.context) for each in found]}


@ROUTES.add("GET", PATH, access=PROVIDERS_AND_OVERSEERS, answer=WhistleAnswer, summary="一次吹哨")
async def get_whistle(call: Call) -> Answer:
    return await _read(call, call.path("id"))


@ROUTES.add(
    "POST",
    PATH + "/report-in",
    access=PROVIDERS_AND_OVERSEERS,
    body=ReportInShape,
    answer=WhistleAnswer,
    summary="报到；社区代办时写明单位",
)
async def report_in(call: Call) -> Answer:
    await call.desk.whistles.report_in(call.who, call.path("id"), ref_of(call.body["unit"]))
    return await _read(call, call.path("id"))


@ROUTES.add(
    "POST",
    PATH + "/propose-closing",
    access=PROVIDERS_AND_OVERSEERS,
    body=ProposeClosingShape,
    answer=WhistleAnswer,
    summary="申请办结：由已到场的单位提出",
)
async def propose(call: Call) -> Answer:
    await call.desk.whistles.propose(call.who, call.path("id"), ref_of(call.body["unit"]), call.body["summary"])
    return await _read(call, call.path("id"))


@ROUTES.add("POST", PATH + "/veto", access=OVERSEERS, body=VetoShape, answer=WhistleAnswer, summary="否决办结申请，说明原因")
async def veto(call: Call) -> Answer:
    await call.desk.whistles.veto(call.who, call.path("id"), call.body["reason"])
    return await _read(call, call.path("id"))


@ROUTES.add(
    "POST", PATH + "/close", access=OVERSEERS, body=CloseWhistleShape, answer=WhistleAnswer, summary="办结，评价每个到场的单位"
)
async def close(call: Call) -> Answer:
    units, squads = ratings_said(call.body)
    await call.desk.whistles.close(call.who, call.path("id"), call.body["summary"], units, squads)
    return await _read(call, call.path("id"))


@ROUTES.add(
    "GET",
    "/api/v1/assessments",
    access=OVERSEERS,
    query=AssessmentQuery,
    answer=AssessmentAnswer,
    summary="考核：一段时间里各单位报到得怎样；不带时间是近 30 天",
)
async def assess(call: Call) -> Answer:
    query = call.query
    assessment = await call.desk.assessing.assess(call.who, query["region"], query["from_at"], query["to_at"])
    return assessment_view(assessment, call.desk.context)
