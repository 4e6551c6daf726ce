"""The composition root: settings and an understanding in, an application out. Opens nothing by itself."""

from collections.abc import Callable

from aiohttp import web

import api.handlers.accounts
import api.handlers.base
import api.handlers.catalogue
import api.handlers.chronicle
import api.handlers.clocks
import api.handlers.dispatch
import api.handlers.keeping
import api.handlers.merging
import api.handlers.mine
import api.handlers.models
import api.handlers.needs
import api.handlers.notices
import api.handlers.orders
import api.handlers.plans
import api.handlers.providers
import api.handlers.running
import api.handlers.sessions
import api.handlers.squads
import api.handlers.statistics
import api.handlers.stream
import api.handlers.tracking
import api.handlers.understanding
import api.handlers.webhooks
import api.handlers.weights
import api.handlers.whistles  # noqa: F401 - importing the handlers fills the route table
from api.console.errors import show_errors
from api.console.mounting import mount_console
from api.keys import SETTINGS, TURNSTILE, UNDERSTANDING
from api.lifespan import clock, deliveries, desk, end_streams, identity, storage
from api.middlewares import envelope, tag_and_log
from api.routing import ROUTES
from api.settings import Settings
from api.tracking import FAILURES_AT_A_NUMBER, FAILURES_OF_A_CLIENT
from api.turnstile import Turnstile
from matcher.catalogue import Catalogue
from matcher.understanding.understander import Understander


def make_app(settings: Settings, mongodb_uri: str, understanding: Callable[[Catalogue], Understander]) -> web.Application:
    """`understanding` makes the understander for the catalogue that the database holds."""
    app = web.Application(middlewares=[tag_and_log, envelope, show_errors], client_max_size=settings.body_limit)
    app[SETTINGS] = settings
    app[UNDERSTANDING] = understanding
    app[TURNSTILE] = Turnstile(FAILURES_OF_A_CLIENT, FAILURES_AT_A_NUMBER)
    app.cleanup_ctx.extend([storage(mongodb_uri), identity, desk, deliveries, clock])
    app.on_shutdown.append(end_streams)
    ROUTES.mount(app)
    mount_console(app)
    return app
