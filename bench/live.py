"""How soon others see what somebody does: from a call's being sent to what an open page shows, in a real Chromium.

`python -m bench.live [--rounds N]` has a need offered and accepted N times, by HTTP, before three open pages: the volunteer's telephone,
the page of the need, and the desk of the street. Prints median and maximum, counted from the sending of the call and from its answer,
and the same for a bare reader of the stream. Give the machine a rest meanwhile: browser, service and database share its cores.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from api.app import make_app
from api.assembly import make_understander
from api.console.session import SESSION_COOKIE
from api.identity import fingerprint
from api.keys import STORE
from api.settings import Settings
from bench.browser import ARGUMENTS, browser_path
from matcher.catalogue import Catalogue
from models.account import Account, ProviderRef
from models.quiet import NEVER_QUIET
from models.schedule import now
from models.store.embedded import EmbeddedServer
from models.vocabulary import ProviderKind, Role
from seed.sources import catalogue_items

GRID = "420106001001001"
# When the words stand in that part of the page, as the browser's clock says.
SEEN = """([part, words]) => { window.seen = new Promise((done) => {
  const look = () => { if (document.querySelector(part)?.textContent.includes(words)) done(Date.now()); };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
}); }"""


class Town:
    """A service, and the people in it, signed in without passwords."""

    def __init__(self, server: TestServer) -> None:
        self.base = str(server.make_url("/")).rstrip("/")
        self.session = ClientSession(self.base)
        self.store = server.app[STORE]
        self.tokens: dict[str, str] = {}

    async def add(self, role: Role, region: str | None, provider: ProviderRef | None = None) -> None:
        account = Account(self.store.new_id(), f"bench-{role}", role, "测试", region, provider, "", True, now(), NEVER_QUIET)
        self.tokens[role] = f"token-{role}"
        await self.store.accounts.add(account)
        await self.store.sessions.add(fingerprint(self.tokens[role]), account.id, now() + timedelta(days=1), now())

    async def call(self, role: Role, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        async with self.session.post(f"/api/v1/{path}", json=body, headers=headers) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer

    async def page(self, browser: Browser, role: Role, width: int) -> Page:
        context = await browser.new_context(base_url=self.base, viewport={"width": width, "height": 800}, locale="zh-CN")
        await context.add_cookies([{"name": SESSION_COOKIE, "value": self.tokens[role], "url": self.base}])
        return await context.new_page()

    async def touched(self, role: Role, need_id: str, listening: asyncio.Event) -> float:
        """When a bare reader hears of it."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        async with self.session.get("/api/v1/stream", params={"need": need_id}, headers=headers) as response:
            async for line in response.content:
                if line == b"event: touched\n":
                    return time.time()
                if line == b"event: hello\n":
                    listening.set()
        raise AssertionError("the stream has ended")


async def opened(page: Page, path: str) -> None:
    await page.goto(path)
    await page.locator("body[data-listening]").wait_for()


class Delays:
    """Seconds by what was seen where, from the sending of the call and from its answer."""

    def __init__(self) -> None:
        self._delays: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def add(self, what: str, sent_at: float, answered_at: float, seen_at: float) -> None:
        self._delays[what].append((seen_at - sent_at, seen_at - answered_at))

    def show(self) -> None:
        for what, delays in self._delays.items():
            sent, answered = ([pair[place] for pair in delays] for place in (0, 1))
            words = [f"中位 {statistics.median(each):.2f} s，最长 {max(each):.2f} s" for each in (sent, answered)]
            print(f"{what}（{len(delays)} 次）\t自发出起 {words[0]}\t自答复起 {words[1]}")


async def one_round(town: Town, pages: dict[Role, Page], number: int, delays: Delays, provider: dict[str, str]) -> None:
    phone, clerk, street = (pages[role] for role in (Role.VOLUNTEER, Role.COMMUNITY, Role.STREET))
    text = f"厨房水龙头关不紧一直漏水，第 {number} 条。"
    need = await town.call(Role.COMMUNITY, "needs", {"text": text, "region": GRID, "channel": "community"})
    await opened(phone, "/me")
    await phone.evaluate(SEEN, ["#main", text])
    sent_at = time.time()
    order = await town.call(Role.COMMUNITY, f"needs/{need['id']}/orders", {"provider": provider})
    answered_at = time.time()
    delays.add("派单到志愿者的手机", sent_at, answered_at, await phone.evaluate("window.seen") / 1000)
    await opened(clerk, f"/desk/needs/{need['id']}")
    await opened(street, "/desk?tab=in_hand&newest=true")
    await clerk.evaluate(SEEN, ["#progress", "已接单"])
    await street.evaluate(SEEN, ["#board", text])
    listening = asyncio.Event()
    reader = asyncio.create_task(town.touched(Role.STREET, need["id"], listening))
    await listening.wait()
    # What a page asks for when it has just been opened is over.
    await asyncio.sleep(1.5)
    sent_at = time.time()
    await town.call(Role.VOLUNTEER, f"orders/{order['id']}/accept")
    answered_at = time.time()
    delays.add("接单到事件流", sent_at, answered_at, await reader)
    delays.add("接单到需求的页面", sent_at, answered_at, await clerk.evaluate("window.seen") / 1000)
    delays.add("接单到街道的派单台", sent_at, answered_at, await street.evaluate("window.seen") / 1000)


async def measure(uri: str, rounds: int) -> None:
    catalogue = Catalogue(catalogue_items())
    server = TestServer(make_app(Settings(database="bench_live"), uri, lambda _: make_understander(catalogue)))
    await server.start_server()
    town = Town(server)
    await town.add(Role.ADMIN, None)
    await town.add(Role.COMMUNITY, GRID[:12])
    await town.add(Role.STREET, GRID[:9])
    limits = {"capacity": 50, "daily_offers": 50, "weekly_offers": 100}
    profile = {"name": "测试管工", "skills": ["修水管"], "region": GRID, "party_member": False, **limits}
    person = await town.call(Role.ADMIN, "volunteers", profile)
    await town.add(Role.VOLUNTEER, None, ProviderRef(ProviderKind.VOLUNTEER, person["id"]))
    delays = Delays()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        widths = {Role.VOLUNTEER: 360, Role.COMMUNITY: 1280, Role.STREET: 1280}
        pages = {role: await town.page(browser, role, width) for role, width in widths.items()}
        for number in range(rounds):
            await one_round(town, pages, number, delays, {"kind": person["kind"], "id": person["id"]})
        await browser.close()
    delays.show()
    await town.session.close()
    await server.close()


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="at most 50, which is what one volunteer is offered in a day")
    asked = parser.parse_args()
    if browser_path() is None:
        raise SystemExit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), cache_gb=0.5)
        server.start()
        try:
            asyncio.run(measure(server.uri, asked.rounds))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
