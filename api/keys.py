"""What the application and a request carry, each under a typed key."""

from collections.abc import Callable

from aiohttp import web

from api.accounts import AccountKeeping
from api.background.columns import Follower
from api.background.comparing import Comparison
from api.background.feed import Feed
from api.background.models import ModelFollower
from api.background.roll import RollCall
from api.identity import Identity
from api.outbound import Outbound
from api.settings import Settings
from api.turnstile import Turnstile
from matcher.catalogue import Catalogue
from matcher.dispatch.desk import Desk
from matcher.understanding.understander import Understander
from models.store import Store

SETTINGS = web.AppKey("settings", Settings)
STORE = web.AppKey("store", Store)
DESK = web.AppKey("desk", Desk)
ACCOUNTS = web.AppKey("accounts", AccountKeeping)
IDENTITY = web.AppKey("identity", Identity)
REQUEST_ID = web.RequestKey("request_id", str)
FEED = web.AppKey("feed", Feed)
OUTBOUND = web.AppKey("outbound", Outbound)
FOLLOWER = web.AppKey("follower", Follower)
ROLL = web.AppKey("roll", RollCall)
COMPARISON = web.AppKey("comparison", Comparison)
MODEL_FOLLOWER = web.AppKey("model_follower", ModelFollower)
TURNSTILE = web.AppKey("turnstile", Turnstile)
UNDERSTANDING: web.AppKey[Callable[[Catalogue], Understander]] = web.AppKey("understanding", Callable)  # type: ignore[arg-type]
