"""承接方: volunteers, social workers and organisations, three resources of one shape."""

from marshmallow import Schema

from api.paging import decode_cursor, page
from api.routing import ROUTES, Answer, Call, Handler, one_kind
from api.views.providers import provider_view
from models.account import ProviderRef
from models.provider import ProviderFilter
from models.schemas.answers import Open, page_of
from models.schemas.provider_answers import OrganisationAnswer, SocialWorkerAnswer, VolunteerAnswer
from models.schemas.providers import PROFILES, ProviderQuery, change_of
from models.vocabulary import ProviderKind, Role, label

RESOURCES: dict[ProviderKind, tuple[str, type[Open]]] = {
    ProviderKind.VOLUNTEER: ("/api/v1/volunteers", VolunteerAnswer),
    ProviderKind.SOCIAL_WORKER: ("/api/v1/social-workers", SocialWorkerAnswer),
    ProviderKind.ORGANISATION: ("/api/v1/organisations", OrganisationAnswer),
}


def create(kind: ProviderKind) -> Handler:
    async def handle(call: Call) -> Answer:
        return provider_view(await call.desk.roster.register(call.who, kind, call.body), call.desk.context)

    return handle


def read(kind: ProviderKind) -> Handler:
    async def handle(call: Call) -> Answer:
        return provider_view(await call.desk.roster.get(call.who, ProviderRef(kind, call.path("id"))), call.desk.context)

    return handle


def listing(kind: ProviderKind) -> Handler:
    async def handle(call: Call) -> Answer:
        wanted = ProviderFilter(call.query["region"], call.query["service"], call.query["text"])
        limit = call.query["limit"]
        found = await call.desk.roster.list(call.who, kind, wanted, limit + 1, decode_cursor(call.query["cursor"]))
        return page(found, limit, lambda provider: provider.id, lambda provider: provider_view(provider, call.desk.context))

    return handle


def change(kind: ProviderKind) -> Handler:
    async def handle(call: Call) -> Answer:
        changes = dict(call.body)
        version = changes.pop("version")
        return provider_view(
            await call.desk.roster.change(call.who, ProviderRef(kind, call.path("id")), version, changes), call.desk.context
        )

    return handle


def remove(kind: ProviderKind) -> Handler:
    async def handle(call: Call) -> Answer:
        await call.desk.roster.delete(call.who, ProviderRef(kind, call.path("id")))
        return None

    return handle


def declare(kind: ProviderKind, path: str, shape: type[Open]) -> None:
    access, word = one_kind(Role(kind)), label(kind)
    changed: type[Schema] = change_of(PROFILES[kind])
    ROUTES.add("POST", path, access=access, body=PROFILES[kind], answer=shape, status=201, summary=f"登记{word}")(create(kind))
    ROUTES.add("GET", path, access=access, query=ProviderQuery, answer=page_of(shape), summary=f"{word}名单")(listing(kind))
    ROUTES.add("GET", path + "/{id}", access=access, answer=shape, summary=f"查看{word}")(read(kind))
    ROUTES.add("PATCH", path + "/{id}", access=access, body=changed, answer=shape, summary=f"修改{word}资料")(change(kind))
    ROUTES.add("DELETE", path + "/{id}", access=access, status=204, summary=f"删除{word}资料")(remove(kind))


for _kind, (_path, _shape) in RESOURCES.items():
    declare(_kind, _path, _shape)
