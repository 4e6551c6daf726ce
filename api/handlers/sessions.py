"""登录: sessions and who I am."""

from api.keys import IDENTITY
from api.origin import client_of
from api.routing import PUBLIC, ROUTES, SIGNED_IN, Answer, Call
from api.views.accounts import account_view, me_view
from models.schemas.account_answers import MeAnswer, SessionAnswer
from models.schemas.people import Credentials


@ROUTES.add(
    "POST", "/api/v1/sessions", access=PUBLIC, body=Credentials, answer=SessionAnswer, status=201, summary="登录，换取令牌"
)
async def sign_in(call: Call) -> Answer:
    identity = call.request.app[IDENTITY]
    token, account = await identity.sign_in(call.body["username"], call.body["password"], client_of(call.request))
    return {"token": token, "account": account_view(account)}


@ROUTES.add("DELETE", "/api/v1/sessions/current", access=SIGNED_IN, status=204, summary="退出登录，令牌立即失效")
async def sign_out(call: Call) -> Answer:
    await call.request.app[IDENTITY].sign_out(call.request.headers.get("Authorization"))
    return None


@ROUTES.add("GET", "/api/v1/me", access=SIGNED_IN, answer=MeAnswer, summary="我是谁")
async def me(call: Call) -> Answer:
    return me_view(call.who)
