"""What everybody may know: the catalogue, the regions, whether the service is well, and how to call it."""

import time

from aiohttp import web

from api.docs import render_docs
from api.keys import COMPARISON, FOLLOWER, SETTINGS, STORE
from api.openapi import describe
from api.paging import page_in_memory
from api.routing import PUBLIC, ROUTES, SIGNED_IN, Answer, Call
from api.views.base import region_view, service_item_view
from models.errors import StoreUnavailableError
from models.schemas.answers import page_of
from models.schemas.base import LongPage
from models.schemas.base_answers import HealthAnswer, ReadyAnswer, RegionAnswer, ServiceItemAnswer
from models.schemas.weights import RegionQuery


@ROUTES.add("GET", "/api/v1/catalogue", access=SIGNED_IN, query=LongPage, answer=page_of(ServiceItemAnswer), summary="事项清单")
async def catalogue(call: Call) -> Answer:
    return page_in_memory(call.desk.context.catalogue.items, call.query, lambda item: item.code, service_item_view)


@ROUTES.add(
    "GET",
    "/api/v1/regions",
    access=SIGNED_IN,
    query=RegionQuery,
    answer=page_of(RegionAnswer),
    summary="下级区划；不带 parent 时是最上一级",
)
async def regions(call: Call) -> Answer:
    below = call.desk.context.regions.children(call.query["parent"])
    return page_in_memory(below, call.query, lambda region: region.code, region_view)


@ROUTES.add("GET", "/healthz", access=PUBLIC, answer=HealthAnswer, summary="进程是否活着")
async def healthz(call: Call) -> Answer:
    return {"status": "ok"}


@ROUTES.add("GET", "/readyz", access=PUBLIC, answer=ReadyAnswer, summary="能否服务：数据库、候选数据和模型")
async def readyz(call: Call) -> Answer:
    follower, comparison = call.request.app[FOLLOWER], call.request.app[COMPARISON]
    await call.request.app[STORE].ping()
    if not follower.is_current(time.monotonic()):
        raise StoreUnavailableError("候选数据正在重新装载")
    return {
        "status": "ready",
        "providers": len(call.desk.context.columns),
        "worker": call.request.app[SETTINGS].worker,
        "state": follower.state,
        "behind_seconds": round(follower.behind_seconds(time.monotonic()), 3),
        "changes": follower.applied,
        "compared_at": comparison.compared_at,
        "mended": comparison.mended,
        "model_version": call.desk.context.understander.version,
    }


@ROUTES.add("GET", "/openapi.json", access=PUBLIC, summary="接口描述（OpenAPI 3.1）")
async def openapi(call: Call) -> Answer:
    return describe(ROUTES)


@ROUTES.add("GET", "/docs", access=PUBLIC, summary="接口文档页")
async def docs(call: Call) -> Answer:
    return web.Response(
        text=render_docs(describe(ROUTES)),
        content_type="text/html",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'"},
    )
