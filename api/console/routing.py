"""Pages as data, as the API's routes are: method, path, who may open it, the shapes of what is typed, the place in the navigation."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import quote

from aiohttp import web
from marshmallow import Schema

from api.console.forms import NOTHING, Typed, folded, read_form
from api.console.guard import guard, require_same_origin
from api.console.once import only_once, taken
from api.console.rendering import render
from api.console.session import VISITOR, say, visitor
from api.errors import RETRY_SECONDS, STATUSES
from api.keys import DESK
from api.parsing import check_address, check_text, queried, shaped
from api.routing import Access
from matcher.dispatch.desk import Desk
from models.account import Principal
from models.errors import ForbiddenError, SandanError, UnauthenticatedError
from models.vocabulary import Role

LEAST_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Nav:
    """An entry of the navigation, for the roles that may open its page. Smaller `place` comes first; `icon` is a file of icons/."""

    label: str
    icon: str
    place: int


@dataclass(frozen=True, slots=True)
class Page:
    """`fragment` is the template that is shown instead where htmx asked for a part of a page."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    fragment: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """To a path of our own with GET; `said` is shown there once."""

    path: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page call. `someone` is None for who has not signed in, which only public pages meet.

    `query` and `form` are what the page's schemas made of the address and of what was typed; `typed` is what was typed as it came.
    `problem` is why the page is shown again: the form's handler refused. `begun_at`, in seconds since 1970, is before anything is read.
    `key` is the form's, see once.py.
    """

    request: web.Request
    someone: Principal | None
    query: Any = None
    form: Any = None
    typed: Typed = NOTHING
    problem: SandanError | None = None
    begun_at: float = field(default_factory=time.time)
    key: str = ""

    @property
    def who(self) -> Principal:
        if self.someone is None:
            raise UnauthenticatedError("请先登录")
        return self.someone

    @property
    def desk(self) -> Desk:
        return self.request.app[DESK]

    @property
    def wants_fragment(self) -> bool:
        """htmx asked, and not for a whole page (a boosted link or the way back)."""
        headers = self.request.headers
        return "HX-Request" in headers and "HX-Boosted" not in headers and "HX-History-Restore-Request" not in headers

    def path(self, name: str) -> str:
        return self.request.match_info[name]


Shown = Page | Redirect | web.StreamResponse
Handler = Callable[[Visit], Awaitable[Shown]]


@dataclass(frozen=True)
class PageRoute:
    method: str
    path: str
    access: Access
    handler: Handler
    form: Schema | None
    query: Schema | None
    again: Handler | None
    nav: Nav | None
    home_of: frozenset[Role]
    once: bool = False

    async def respond(self, request: web.Request) -> web.StreamResponse:
        visit = Visit(request, await self._admitted(request))
        check_address(request.raw_path)
        for part in request.match_info.values():
            check_text(part)
        if self.method != "GET":
            require_same_origin(request)
            key, pairs = taken(await read_form(request))
            visit = replace(visit, typed=Typed(pairs), key=key)
        visit = replace(visit, query=queried(self.query, request) if self.query else None)
        visit, shown = await self._shown(visit)
        response = await answer(visit, shown)
        if visit.problem is not None and type(visit.problem) in RETRY_SECONDS:
            response.headers["Retry-After"] = str(RETRY_SECONDS[type(visit.problem)])
        return guard(response, request)

    async def _admitted(self, request: web.Request) -> Principal | None:
        someone = request[VISITOR] = await visitor(request)
        if self.access.public:
            return someone
        if someone is None:
            raise UnauthenticatedError("请先登录")
        if someone.role not in self.access.roles:
            raise ForbiddenError("您的身份不能打开这一页")
        return someone

    async def _shown(self, visit: Visit) -> tuple[Visit, Shown]:
        """What a person can mend is shown where they are: their page again, with their words and what is wrong with them."""
        try:
            form = shaped(self.form, folded(self.form, visit.typed)) if self.form else None
            visit = replace(visit, form=form)
            return visit, await (self._once(visit) if self.once and visit.key else self.handler(visit))
        except SandanError as error:
            status = STATUSES[type(error)]
            if self.again is None or status >= LEAST_SERVER_ERROR or isinstance(error, UnauthenticatedError):
                raise
            return await self._once_more(replace(visit, problem=error), status)

    async def _once(self, visit: Visit) -> Redirect:
        async def run() -> dict[str, Any]:
            shown = await self.handler(visit)
            assert isinstance(shown, Redirect)
            return asdict(shown)

        return Redirect(**await only_once(visit.request, visit.who, visit.key, visit.typed.pairs, run))

    async def _once_more(self, visit: Visit, status: int) -> tuple[Visit, Shown]:
        assert self.again is not None
        schema = PAGES.of(self.again).query
        visit = replace(visit, query=queried(schema, visit.request) if schema else None)
        shown = await self.again(visit)
        return visit, replace(shown, status=status) if isinstance(shown, Page) else shown


async def answer(visit: Visit, shown: Shown) -> web.StreamResponse:
    if isinstance(shown, web.StreamResponse):
        return shown
    if isinstance(shown, Redirect):
        return go(visit, shown)
    fragment = shown.fragment if visit.wants_fragment else None
    return await render(visit, shown.template, shown.context, fragment, shown.status)


def go(visit: Visit, shown: Redirect) -> web.Response:
    """htmx is told to load the page; a browser follows by itself."""
    by_htmx = "HX-Request" in visit.request.headers
    response = web.Response(status=204 if by_htmx else 303, headers={"HX-Redirect" if by_htmx else "Location": shown.path})
    if shown.said:
        say(visit.request, response, shown.said)
    return response


class Pages:
    def __init__(self) -> None:
        self.table: list[PageRoute] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        form: type[Schema] | None = None,
        query: type[Schema] | None = None,
        again: Handler | None = None,
        nav: Nav | None = None,
        home_of: frozenset[Role] | set[Role] = frozenset(),
        once: bool = False,
    ) -> Callable[[Handler], Handler]:
        """`again` is the GET page that holds the form: it is shown once more when the form is refused. `once`: the form holds the
        macro `once()`, and sent twice it acts once; for a handler that ends in a Redirect."""

        def register(handler: Handler) -> Handler:
            shapes = (form() if form else None, query() if query else None)
            self.table.append(PageRoute(method, path, access, handler, *shapes, again, nav, frozenset(home_of), once))
            return handler

        return register

    def of(self, handler: Handler) -> PageRoute:
        return next(page for page in self.table if page.handler is handler)

    def has(self, path: str) -> bool:
        return any(page.path == path and page.method == "GET" for page in self.table)

    def home(self, role: Role) -> str:
        return next((page.path for page in self.table if role in page.home_of), NO_HOME)

    def navigation(self, role: Role) -> list[PageRoute]:
        entries = [page for page in self.table if page.nav and role in page.access.roles]
        return sorted(entries, key=lambda page: page.nav.place if page.nav else 0)

    def mount(self, app: web.Application) -> None:
        for page in self.table:
            app.router.add_route(page.method, page.path, page.respond)


NO_HOME = "/me/notices"
PAGES = Pages()


def sign_in_path(target: str) -> str:
    return "/login" if target == "/" else f"/login?next={quote(target)}"
