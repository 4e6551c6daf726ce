"""The console's part of the application."""

from aiohttp import web

import api.console.pages  # noqa: F401 - importing the pages fills the table
from api.console.assets import serve_asset
from api.console.rendering import install
from api.console.routing import PAGES


def mount_console(app: web.Application) -> None:
    install(app, PAGES.navigation)
    PAGES.mount(app)
    app.router.add_route("GET", "/static/{name:.+}", serve_asset)
