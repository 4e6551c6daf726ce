"""我的: what a provider is told of themself and of the squads that they are called with."""

from api.paging import page_in_memory
from api.routing import PROVIDERS, ROUTES, Answer, Call
from api.views.records import record_view
from api.views.whistles import squad_view
from models.schemas.answers import page_of
from models.schemas.base import LongPage
from models.schemas.record_answers import RecordAnswer
from models.schemas.whistle_answers import SquadAnswer


@ROUTES.add("GET", "/api/v1/me/record", access=PROVIDERS, answer=RecordAnswer, summary="我的记录：答复、已确认的服务时长、评价")
async def record(call: Call) -> Answer:
    return record_view(await call.desk.reading.record(call.who))


@ROUTES.add("GET", "/api/v1/me/squads", access=PROVIDERS, query=LongPage, answer=page_of(SquadAnswer), summary="我在哪些队伍里")
async def squads(call: Call) -> Answer:
    found = await call.desk.squads.mine(call.who)
    return page_in_memory(found, call.query, lambda squad: squad.id, lambda squad: squad_view(squad, call.desk.context))
