"""操作记录: who did what, when and why, and to which need."""

from dataclasses import replace
from functools import partial
from typing import Any

from marshmallow import pre_load

from api.accounts import AccountFilter
from api.console.pages.admin.log_words import behalf, changes, particulars
from api.console.routing import PAGES, Page, Shown, Visit
from api.keys import ACCOUNTS
from api.paging import decode_cursor, page
from api.routing import ADMINS
from models.account import SYSTEM
from models.event import ACTION_LABELS, EventFilter
from models.need_filter import NeedFilter
from models.need_number import looks_like_number
from models.schemas.events import EventQuery
from models.schemas.numbers import SaidNumber

PATH = "/admin/events"
MOST_NAMES = 50


class Filled(EventQuery):
    """A form sends its empty boxes too. A need is named by its number, or by its id."""

    need = SaidNumber(load_default=None)

    @pre_load
    def leave_out_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.strip() for name, value in data.items() if value.strip()}


@PAGES.add("GET", PATH, access=ADMINS, query=Filled)
async def events(visit: Visit) -> Shown:
    limit, chronicle = visit.query["limit"], visit.desk.chronicle
    names, need_id = await names_like(visit, visit.query["by"]), await need_id_of(visit, visit.query["need"])
    wanted = replace(EventFilter.asked(visit.query), by_names=names, need_id=need_id)
    found = await chronicle.list(visit.who, wanted, limit + 1, decode_cursor(visit.query["cursor"]))
    needs = await chronicle.needs_of(visit.who, found)
    listed = page(found, limit, lambda event: event.id, lambda event: {"event": event, "need": needs.get(event.need_id)})
    asked = {name: value for name, value in visit.request.query.items() if value.strip() and name != "cursor"}
    context = {
        "listed": listed,
        "asked": asked,
        "actions": ACTION_LABELS,
        "system": SYSTEM.account_id,
        "particulars": particulars,
    }
    told = {name: partial(say, context=visit.desk.context) for name, say in (("changes", changes), ("behalf", behalf))}
    return Page("admin/events.html", context | told)


async def need_id_of(visit: Visit, said: str | None) -> str | None:
    """Of a number that no need of the caller's has, what no event is about."""
    if said is None or not looks_like_number(said):
        return said
    found = await visit.desk.intake.list_needs(visit.who, NeedFilter(number=said), 1, None)
    return found[0].need.id if found else said


async def names_like(visit: Visit, typed: str | None) -> tuple[str, ...]:
    """The name as it was typed, and those of the accounts that begin so."""
    if typed is None:
        return ()
    accounts = await visit.request.app[ACCOUNTS].list(visit.who, AccountFilter(words=typed), MOST_NAMES, None)
    return tuple(dict.fromkeys((typed, *(account.name for account in accounts))))
