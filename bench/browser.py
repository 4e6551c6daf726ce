"""The machine's own Chromium, for pictures and for the console's tests; never a browser of playwright's."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No screen, no calls home.
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def browser_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
