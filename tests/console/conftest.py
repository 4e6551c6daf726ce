"""Pages over a real service: by a client with cookies for most, by a real browser for what only a browser shows."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from yarl import URL

from api.console.session import SESSION_COOKIE
from models.vocabulary import Role
from tests.conftest import Service
from tests.console.browsing import browser_path, context_of, launch

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


@dataclass
class Seen:
    """What came: where the browser ended up, and the page's text."""

    status: int
    path: str
    text: str
    headers: Any

    @property
    def words(self) -> str:
        """What a person reads: without tags and runs of white space."""
        without = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", without)


@dataclass
class Visitor:
    """A person with a browser that runs no scripts."""

    session: ClientSession
    base: URL

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> Seen:
        return await self._ask("GET", path, None, follow, headers)

    async def post(self, path: str, form: Any = None, *, follow: bool = True, **headers: str) -> Seen:
        """As a browser does it: the form says where it comes from."""
        given = {"Sec_Fetch_Site": "same-origin", "Origin": str(self.base.origin())} | headers
        return await self._ask("POST", path, form or {}, follow, given)

    async def _ask(self, method: str, path: str, form: Any, follow: bool, headers: dict[str, str]) -> Seen:
        given = {"Accept": HTML} | {name.replace("_", "-"): value for name, value in headers.items() if value}
        async with self.session.request(
            method, self.base.join(URL(path, encoded=True)), data=form, headers=given, allow_redirects=follow
        ) as response:
            return Seen(response.status, response.url.path_qs, await response.text(), response.headers)


VisitorOf = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def visitor_of(service: Service) -> AsyncIterator[VisitorOf]:
    """A visitor who is signed in as a role, or with a token; None is nobody."""
    sessions: list[ClientSession] = []

    async def make(who: Role | str | None = None, at: Service = service) -> Visitor:
        base = at.client.make_url("/")
        jar = CookieJar(unsafe=True)
        if who is not None:
            token = await at.token(who) if isinstance(who, Role) else who
            jar.update_cookies({SESSION_COOKIE: token}, base)
        sessions.append(ClientSession(cookie_jar=jar))
        return Visitor(sessions[-1], base)

    yield make
    for session in sessions:
        await session.close()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for the whole run."""
    if browser_path() is None:
        pytest.skip("no Chromium on this machine: the browser tests of the console are left out (apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        yield browser
        await browser.close()


PageAs = Callable[..., Awaitable[Page]]


@pytest.fixture
async def page_as(service: Service, browser: Browser) -> AsyncIterator[PageAs]:
    """A page of a browser in which somebody is signed in: a role, a token, or None for nobody. Further options are the context's,
    such as `java_script_enabled`. What the page's scripts or its policy complain of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def make(who: Role | str | None, width: int = 1280, at: Service = service, **options: Any) -> Page:
        token = await at.token(who) if isinstance(who, Role) else who
        contexts.append(await context_of(browser, at, token, width, **options))
        page = await contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield make
    for context in contexts:
        await context.close()
    assert complaints == []
