"""队伍和双报到: squads that are called as one, and who has registered with a community."""

from api.handlers.whistles import ref_of
from api.paging import decode_cursor, page
from api.routing import OVERSEERS, PROVIDERS_AND_OVERSEERS, ROUTES, Answer, Call
from api.views.whistles import registration_view, squad_view
from models.account import ProviderRef
from models.registration import RegistrationFilter
from models.schemas.answers import page_of
from models.schemas.whistle_answers import RegistrationAnswer, SquadAnswer
from models.schemas.whistles import RegistrationQuery, RegistrationShape, SquadChangeShape, SquadQuery, SquadShape

SQUADS, REGISTRATIONS = "/api/v1/squads", "/api/v1/registrations"


@ROUTES.add("POST", SQUADS, access=OVERSEERS, body=SquadShape, answer=SquadAnswer, status=201, summary="组建工作队或应急队")
async def create_squad(call: Call) -> Answer:
    said = call.body
    members = tuple(ProviderRef(**each) for each in said["members"])
    squad = await call.desk.squads.create(call.who, said["name"], said["kind"], said["region"], members)
    return squad_view(squad, call.desk.context)


@ROUTES.add(
    "GET",
    SQUADS,
    access=OVERSEERS,
    query=SquadQuery,
    answer=page_of(SquadAnswer),
    summary="队伍名单：本辖区的、下级的和上级的",
)
async def list_squads(call: Call) -> Answer:
    limit = call.query["limit"]
    found = await call.desk.squads.list(call.who, call.query["region"], limit + 1, decode_cursor(call.query["cursor"]))
    return page(found, limit, lambda squad: squad.id, lambda squad: squad_view(squad, call.desk.context))


@ROUTES.add("GET", SQUADS + "/{id}", access=OVERSEERS, answer=SquadAnswer, summary="一支队伍")
async def get_squad(call: Call) -> Answer:
    return squad_view(await call.desk.squads.get(call.who, call.path("id")), call.desk.context)


@ROUTES.add("PATCH", SQUADS + "/{id}", access=OVERSEERS, body=SquadChangeShape, answer=SquadAnswer, summary="修改队伍")
async def change_squad(call: Call) -> Answer:
    changes = dict(call.body)
    version = changes.pop("version")
    if "members" in changes:
        changes["members"] = tuple(ProviderRef(**each) for each in changes["members"])
    return squad_view(await call.desk.squads.change(call.who, call.path("id"), version, changes), call.desk.context)


@ROUTES.add("DELETE", SQUADS + "/{id}", access=OVERSEERS, status=204, summary="解散队伍")
async def delete_squad(call: Call) -> Answer:
    await call.desk.squads.delete(call.who, call.path("id"))
    return None


@ROUTES.add(
    "POST",
    REGISTRATIONS,
    access=PROVIDERS_AND_OVERSEERS,
    body=RegistrationShape,
    answer=RegistrationAnswer,
    status=201,
    summary="双报到：单位和党员向社区报到",
)
async def register(call: Call) -> Answer:
    made = await call.desk.registering.register(
        call.who, ref_of(call.body["provider"]), call.body["community"], call.body["kind"]
    )
    return registration_view(made, call.desk.context)


@ROUTES.add(
    "GET",
    REGISTRATIONS,
    access=PROVIDERS_AND_OVERSEERS,
    query=RegistrationQuery,
    answer=page_of(RegistrationAnswer),
    summary="谁向社区报到了；单位和党员看到自己的",
)
async def list_registrations(call: Call) -> Answer:
    limit = call.query["limit"]
    wanted = RegistrationFilter(community=call.query["community"])
    found = await call.desk.registering.list(call.who, wanted, limit + 1, decode_cursor(call.query["cursor"]))
    return page(found, limit, lambda each: each.id, lambda each: registration_view(each, call.desk.context))


@ROUTES.add("DELETE", REGISTRATIONS + "/{id}", access=PROVIDERS_AND_OVERSEERS, status=204, summary="取消报到登记")
async def remove_registration(call: Call) -> Answer:
    await call.desk.registering.remove(call.who, call.path("id"))
    return None
