"""账号, for administrators."""

from api.accounts import AccountDraft, AccountFilter
from api.keys import ACCOUNTS
from api.paging import decode_cursor, page
from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.accounts import kept_account_view
from models.schemas.account_answers import KeptAccountAnswer, PasswordAnswer
from models.schemas.answers import page_of
from models.schemas.people import AccountQuery, AccountShape, ActiveShape

PATH = "/api/v1/accounts"


@ROUTES.add("GET", PATH, access=ADMINS, query=AccountQuery, answer=page_of(KeptAccountAnswer), summary="账号，新的在前")
async def list_accounts(call: Call) -> Answer:
    asked, limit = call.query, call.query["limit"]
    wanted = AccountFilter(asked["role"], asked["username"], asked["q"])
    found = await call.request.app[ACCOUNTS].list(call.who, wanted, limit + 1, decode_cursor(asked["cursor"]))
    return page(found, limit, lambda account: account.id, kept_account_view)


@ROUTES.add(
    "POST",
    PATH,
    access=ADMINS,
    body=AccountShape,
    answer=KeptAccountAnswer,
    status=201,
    summary="新建账号；还没有密码，要另外设一个",
)
async def add_account(call: Call) -> Answer:
    return kept_account_view(await call.request.app[ACCOUNTS].add(call.who, AccountDraft(**call.body)))


@ROUTES.add(
    "PUT", PATH + "/{id}/password", access=ADMINS, answer=PasswordAnswer, summary="换新密码；只在这一次给出，已登录的全部退出"
)
async def new_password(call: Call) -> Answer:
    return {"password": await call.request.app[ACCOUNTS].new_password(call.who, call.path("id"))}


@ROUTES.add("PUT", PATH + "/{id}/active", access=ADMINS, body=ActiveShape, answer=KeptAccountAnswer, summary="停用或重新启用账号")
async def set_active(call: Call) -> Answer:
    return kept_account_view(await call.request.app[ACCOUNTS].set_active(call.who, call.path("id"), call.body["active"]))


@ROUTES.add("DELETE", PATH + "/{id}/sessions", access=ADMINS, status=204, summary="让账号在所有地方退出登录")
async def sign_out(call: Call) -> Answer:
    await call.request.app[ACCOUNTS].sign_out(call.who, call.path("id"))
    return None
