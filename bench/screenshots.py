"""The pictures in README, drawn from the demo in a real browser: `python -m bench.screenshots [FOLDER]`.

Needs Chromium; takes about a minute, for the demo is filled anew in a folder that is thrown away.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.browser import ARGUMENTS, NAMES, browser_path

FOLDER = Path("docs/screenshots")
SECONDS = 300.0


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """A demo that serves, its address and its accounts by role."""
    command = [str(Path(sys.executable).parent / "sandan"), "demo", "--port", "8137"]
    process = subprocess.Popen(command, env={**os.environ, "SANDAN_DATA_DIR": str(folder)}, stdout=subprocess.DEVNULL)
    try:
        _wait(folder, process)
        yield "http://127.0.0.1:8137", json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Until it answers, and a little longer, for it plays its round then."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(1)
        try:
            with urllib.request.urlopen("http://127.0.0.1:8137/readyz", timeout=5) as answer:
                if answer.status == 200 and (folder / "demo-accounts.json").is_file():
                    time.sleep(5)
                    return
        except (urllib.error.URLError, OSError):
            continue
    raise SystemExit("the demo did not start")


def signed_in(browser: Browser, base: str, account: dict[str, str], width: int, height: int) -> Page:
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", account["username"])
    page.fill("[name=password]", account["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def draw(folder: Path) -> None:
    path = browser_path()
    if path is None:
        raise SystemExit("no Chromium here: " + ", ".join(NAMES))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, demo(Path(data)) as (base, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        desk = signed_in(browser, base, accounts["community"], 1280, 900)
        desk.screenshot(path=folder / "desk.png")
        signed_in(browser, base, accounts["volunteer"], 360, 740).screenshot(path=folder / "provider.png")
        weights = signed_in(browser, base, accounts["admin"], 1280, 900)
        weights.goto("/admin/weights/default")
        weights.wait_for_timeout(5_000)
        weights.screenshot(path=folder / "weights.png")
        browser.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
