"""Webhooks: where else an account's notices go."""

from api.keys import OUTBOUND
from api.paging import page_in_memory
from api.routing import ROUTES, SIGNED_IN, Answer, Call
from api.views.notices import webhook_view
from models.schemas.answers import page_of
from models.schemas.base import LongPage
from models.schemas.notice_answers import NewWebhookAnswer, WebhookAnswer
from models.schemas.notices import WebhookShape

PATH = "/api/v1/webhooks"


@ROUTES.add(
    "POST",
    PATH,
    access=SIGNED_IN,
    body=WebhookShape,
    answer=NewWebhookAnswer,
    status=201,
    summary="登记 webhook；密钥只在这一次给出",
)
async def add(call: Call) -> Answer:
    await call.request.app[OUTBOUND].require_allowed(call.body["url"])
    webhook = await call.desk.hooks.add(call.who, call.body["url"])
    return {**webhook_view(webhook), "secret": webhook.secret}


@ROUTES.add("GET", PATH, access=SIGNED_IN, query=LongPage, answer=page_of(WebhookAnswer), summary="我的 webhook")
async def list_webhooks(call: Call) -> Answer:
    return page_in_memory(await call.desk.hooks.list(call.who), call.query, lambda webhook: webhook.id, webhook_view)


@ROUTES.add("DELETE", PATH + "/{id}", access=SIGNED_IN, status=204, summary="取消 webhook")
async def delete(call: Call) -> Answer:
    await call.desk.hooks.delete(call.who, call.path("id"))
    return None
