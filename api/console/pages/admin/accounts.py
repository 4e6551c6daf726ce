"""账号: added, shut and opened, given a new password, signed out everywhere."""

from typing import Any

from marshmallow import pre_load

from api.accounts import AccountDraft, AccountFilter
from api.console.picking import PlaceName, Within, meant_region, picker_of
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.keys import ACCOUNTS
from api.paging import decode_cursor, page
from api.routing import ADMINS
from models.schemas.people import AccountQuery, AccountShape, ActiveShape
from models.vocabulary import LABELS, Role

PATH = "/admin/accounts"
ONE = PATH + "/{id}"


class Filled(AccountQuery, Within):
    """A form sends its empty boxes too."""

    @pre_load
    def leave_out_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.strip() for name, value in data.items() if value.strip()}


class TypedShape(AccountShape):
    """`region` by name or code."""

    region = PlaceName(load_default="")


@PAGES.add("GET", PATH, access=ADMINS, query=Filled)
async def accounts(visit: Visit) -> Shown:
    limit, wanted = visit.query["limit"], AccountFilter(visit.query["role"], visit.query["username"])
    found = await visit.request.app[ACCOUNTS].list(visit.who, wanted, limit + 1, decode_cursor(visit.query["cursor"]))
    regions = visit.desk.context.regions
    listed = page(
        found,
        limit,
        lambda account: account.id,
        lambda account: {"account": account, "region": regions.full_name(account.region) if account.region else ""},
    )
    asked = {name: value for name, value in visit.request.query.items() if value.strip() and name not in ("cursor", "within")}
    picker = picker_of(visit, "region", PATH, asked=asked)
    return Page(
        "admin/accounts/list.html", {"listed": listed, "asked": asked, "picker": picker, "roles": list(LABELS[Role].items())}
    )


@PAGES.add("POST", PATH, access=ADMINS, query=Filled, form=TypedShape, again=accounts)
async def add(visit: Visit) -> Shown:
    region = meant_region(visit, visit.form["region"], "region")
    account = await visit.request.app[ACCOUNTS].add(visit.who, AccountDraft(**visit.form | {"region": region}))
    return await with_password(visit, account.id)


@PAGES.add("POST", ONE + "/password", access=ADMINS)
async def new_password(visit: Visit) -> Shown:
    return await with_password(visit, visit.path("id"))


async def with_password(visit: Visit, account_id: str) -> Page:
    """Answered at once rather than by a redirect: the password is told this once, and stands in no address."""
    password = await visit.request.app[ACCOUNTS].new_password(visit.who, account_id)
    account = await visit.request.app[ACCOUNTS].get(visit.who, account_id)
    return Page("admin/accounts/password.html", {"account": account, "password": password})


@PAGES.add("POST", ONE + "/active", access=ADMINS, query=Filled, form=ActiveShape, again=accounts)
async def set_active(visit: Visit) -> Shown:
    account = await visit.request.app[ACCOUNTS].set_active(visit.who, visit.path("id"), visit.form["active"])
    return Redirect(PATH, said=f"{account.username} {'可以登录了' if account.active else '停用了，已登录的也退出了'}")


@PAGES.add("POST", ONE + "/sessions", access=ADMINS)
async def sign_out(visit: Visit) -> Shown:
    await visit.request.app[ACCOUNTS].sign_out(visit.who, visit.path("id"))
    return Redirect(PATH, said="已在所有地方退出登录")
