"""Which drawer of the desk somebody is working through: the address of a need's page says it, and what they do there keeps it."""

from operator import attrgetter

from yarl import URL

from api.console.pages.desk import DRAWERS, Tab, need_filter
from api.console.routing import Redirect, Visit
from matcher.dispatch.intake import NeedFile


def tab_of(visit: Visit) -> Tab | None:
    """Of a form, the page's that it stood on. No promise: a browser need not say where it comes from."""
    said = visit.request.query.get("tab") or _page_before(visit).query.get("tab")
    return Tab(said) if said in set(Tab) else None


def _page_before(visit: Visit) -> URL:
    try:
        return URL(visit.request.headers.get("Referer", ""))
    except ValueError:
        return URL()


def to_need(visit: Visit, need_id: str, said: str) -> Redirect:
    """The need's page, on the same way through the desk."""
    tab = tab_of(visit)
    return Redirect(f"/desk/needs/{need_id}" + (f"?tab={tab}" if tab else ""), said=said)


async def following(visit: Visit, file: NeedFile) -> str | None:
    """The id of the need that stands behind this one in its drawer, though this one may have left it."""
    tab = tab_of(visit)
    if tab is None:
        return None
    wanted = need_filter(tab, None, False, visit.desk.context.now())
    after = str(attrgetter(wanted.place)(file))
    found = await visit.desk.intake.list_needs(visit.who, wanted, 1, after)
    return found[0].need.id if found else None


def label_of(tab: Tab | None) -> str:
    return DRAWERS[tab].label if tab else "派单台"
