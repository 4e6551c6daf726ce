"""Routes as data: method, path, who may call, shapes in and out. Router, policy, parsing and the API's description all read this table."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web
from marshmallow import Schema

from api.idempotency import key_of, keyed_call, once
from api.keys import DESK, IDENTITY, REQUEST_ID, SETTINGS, STORE
from api.parsing import check_address, check_text, queried, read_json, shaped
from matcher.dispatch.desk import Desk
from models.account import SYSTEM, Principal
from models.errors import ForbiddenError
from models.vocabulary import PROVIDER_ROLES, Role


@dataclass(frozen=True, slots=True)
class Access:
    """Who may make a call at all; whether a thing is theirs is the use case's question."""

    roles: frozenset[Role]
    public: bool = False


PUBLIC = Access(frozenset(), public=True)
SIGNED_IN = Access(frozenset(Role))
OVERSEERS = Access(frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN}))
ADMINS = Access(frozenset({Role.ADMIN}))
PROVIDERS = Access(PROVIDER_ROLES)
PROVIDERS_AND_OVERSEERS = Access(PROVIDER_ROLES | OVERSEERS.roles)
POSTERS = Access(OVERSEERS.roles | {Role.RESIDENT})


def one_kind(role: Role) -> Access:
    """The providers of one kind, for themselves, and overseers for all."""
    return Access(OVERSEERS.roles | {role})


@dataclass(frozen=True, slots=True)
class Call:
    """One request, signed in and parsed. `who` is SYSTEM on public routes."""

    request: web.Request
    who: Principal
    body: Any
    query: Any

    @property
    def desk(self) -> Desk:
        return self.request.app[DESK]

    def path(self, name: str) -> str:
        return self.request.match_info[name]


Answer = dict[str, Any] | web.StreamResponse | None
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    access: Access
    handler: Handler
    summary: str
    body: Schema | None
    query: Schema | None
    answer: Schema | None
    status: int
    one_transaction: bool = True

    @property
    def takes_key(self) -> bool:
        """Not signing in: who does it twice has two tokens, which harms nothing; to keep the first in the database would."""
        return self.method == "POST" and not self.access.public

    @property
    def may_be_bare(self) -> bool:
        """Everything in the body may be left out, and then the body may be, too."""
        return self.body is not None and not any(field.required for field in self.body.fields.values())

    async def respond(self, request: web.Request) -> web.StreamResponse:
        who = SYSTEM if self.access.public else await request.app[IDENTITY].principal(request.headers.get("Authorization"))
        if not self.access.public and who.role not in self.access.roles:
            raise ForbiddenError("您的身份不能做这件事")
        check_address(request.raw_path)
        for part in request.match_info.values():
            check_text(part)
        query = queried(self.query, request) if self.query else None
        key = key_of(request) if self.method == "POST" else None
        raw = body = None
        if self.body is not None:
            settings = request.app[SETTINGS]
            bare = self.may_be_bare and not request.body_exists
            raw = {} if bare else await read_json(request, limit=settings.body_limit, seconds=settings.body_seconds)
            body = shaped(self.body, raw)
        call = Call(request, who, body, query)
        if key is None or not self.takes_key:
            return await self._answered(call)
        named = keyed_call(who, request, key, raw)
        return await once(
            request.app[STORE],
            named,
            request[REQUEST_ID],
            lambda: self._answered(call),
            one_transaction=self.one_transaction,
        )

    async def _answered(self, call: Call) -> web.StreamResponse:
        answer = await self.handler(call)
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            return web.Response(status=204)
        return web.Response(status=self.status, body=orjson.dumps(answer), content_type="application/json")


class Routes:
    def __init__(self) -> None:
        self.table: list[Route] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        summary: str,
        body: type[Schema] | Schema | None = None,
        query: type[Schema] | None = None,
        answer: Schema | type[Schema] | None = None,
        status: int = 200,
        one_transaction: bool = True,
    ) -> Callable[[Handler], Handler]:
        """`one_transaction` False: the handler makes several transactions, each right by itself; see api/idempotency.py."""

        def register(handler: Handler) -> Handler:
            shapes = (_made(body), _made(query), _made(answer))
            self.table.append(Route(method, path, access, handler, summary, *shapes, status, one_transaction))
            return handler

        return register

    def mount(self, app: web.Application) -> None:
        for route in self.table:
            app.router.add_route(route.method, route.path, route.respond)


def _made(schema: type[Schema] | Schema | None) -> Schema | None:
    return schema() if isinstance(schema, type) else schema


ROUTES = Routes()
