"""What only a real browser shows: whether a page fits a telephone, can be read by everybody, and what its script does."""

from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright

from api.console.session import SESSION_COOKIE
from bench.browser import ARGUMENTS, browser_path
from tests.conftest import Service

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
HEIGHTS = {1280: 900, 360: 740}
GRAVE = ("serious", "critical")


async def launch(playwright: Playwright) -> Browser:
    return await playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)


async def context_of(browser: Browser, service: Service, token: str | None, width: int, **options: Any) -> BrowserContext:
    """A browser of its own for one person."""
    base = str(service.client.make_url("/")).rstrip("/")
    context = await browser.new_context(
        base_url=base,
        viewport={"width": width, "height": HEIGHTS.get(width, 800)},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **options,
    )
    context.set_default_timeout(15_000)
    if token is not None:
        await context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": base}])
    return context


async def assert_accessible(page: Page) -> None:
    """Nothing that axe-core calls serious or critical."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [
        (each["id"], each["help"], [node["html"][:200] for node in each["nodes"]][:3])
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]
    assert grave == [], grave


async def assert_no_horizontal_scroll(page: Page) -> None:
    wide = await page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > width + 1)
            .map((each) => each.outerHTML.slice(0, 120)).slice(0, 5);
        }"""
    )
    assert wide == [], (page.url, wide)
