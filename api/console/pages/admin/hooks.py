"""通知外发: where else an account's notices are sent."""

from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.keys import OUTBOUND
from api.routing import ADMINS
from models.schemas.notices import WebhookShape

PATH = "/admin/webhooks"


@PAGES.add("GET", PATH, access=ADMINS)
async def hooks(visit: Visit) -> Shown:
    return Page("admin/webhooks.html", {"hooks": await visit.desk.hooks.list(visit.who), "added": None})


@PAGES.add("POST", PATH, access=ADMINS, form=WebhookShape, again=hooks)
async def add(visit: Visit) -> Shown:
    """Answered at once: its secret is told this once, and in no address."""
    await visit.request.app[OUTBOUND].require_allowed(visit.form["url"])
    added = await visit.desk.hooks.add(visit.who, visit.form["url"])
    return Page("admin/webhooks.html", {"hooks": await visit.desk.hooks.list(visit.who), "added": added})


@PAGES.add("POST", PATH + "/{id}/remove", access=ADMINS)
async def remove(visit: Visit) -> Shown:
    await visit.desk.hooks.delete(visit.who, visit.path("id"))
    return Redirect(PATH, said="不再往那里发了")
