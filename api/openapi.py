"""The API's description, made from the route table: what is not there is not served."""

import re
from functools import lru_cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from api.errors import STATUSES
from api.idempotency import HEADER
from api.routing import Route, Routes
from models.schemas.answers import ProblemAnswer
from models.vocabulary import label

VERSION = "1.0"
# The groups of addresses, in the order in which they are shown.
TAGS = {
    **dict.fromkeys(("sessions", "me", "accounts"), "登录与身份"),
    **dict.fromkeys(("needs", "overview", "track"), "需求"),
    "rankings": "试排",
    "orders": "工单",
    **dict.fromkeys(
        ("notices", "stream", "webhooks"),
        "通知",
    ),
    "plans": "统筹",
    **dict.fromkeys(("whistles", "units", "squads", "registrations", "assessments"), "吹哨报到"),
    "statistics": "统计",
    "volunteers": "志愿者",
    "social-workers": "社工",
    "organisations": "组织",
    "weights": "权重方案",
    "timetable": "办理时限",
    "models": "理解模型",
    "events": "操作记录",
    **dict.fromkeys(("catalogue", "regions"), "事项清单与区划"),
    **dict.fromkeys(("running", "service"), "服务状态与文档"),
}
KEY = {"in": "header", "name": HEADER, "required": False, "description": "同一个键重发，只做一次，回答相同；24 小时内有效"}


@lru_cache(maxsize=1)
def describe(routes: Routes) -> dict[str, Any]:
    """OpenAPI 3.1 as plain JSON."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _name(schema))
    spec = APISpec(
        title="三单 Sandan",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": "群众点单、社区派单、党员接单、效由民评。"},
        tags=[{"name": name} for name in dict.fromkeys(TAGS.values())],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemAnswer)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes.table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    for path, operations in paths.items():
        spec.path(path=path, operations=operations)
    return dict(spec.to_dict())


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": route.summary, "tags": [_tag(route.path)], "responses": _responses(route)}
    if not route.access.public:
        operation["security"] = [{"token": []}]
        operation["description"] = "可由以下身份调用：" + "、".join(sorted(label(role) for role in route.access.roles))
    parameters: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    if route.query is not None:
        parameters.append({"in": "query", "schema": route.query})
    if route.takes_key:
        parameters.append({**KEY, "schema": {"type": "string", "minLength": 1, "maxLength": 255}})
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"required": not route.may_be_bare, "content": {"application/json": {"schema": route.body}}}
    return operation


def _responses(route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "成功"}
    if route.answer is not None:
        good["content"] = {"application/json": {"schema": route.answer}}
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    codes = sorted({status for status in STATUSES.values() if status not in (401, 403) or not route.access.public})
    return {str(route.status): good, **{str(code): {"description": "出错", **problem} for code in codes}}


def _tag(path: str) -> str:
    parts = path.strip("/").split("/")
    return TAGS[parts[2] if len(parts) > 2 else "service"]


def _name(schema: type[Schema] | Schema) -> str:
    made = schema if isinstance(schema, type) else type(schema)
    return made.__name__.removesuffix("Shape").removesuffix("Answer") + ("Answer" if made.__name__.endswith("Answer") else "")
