"""openapi.json and /docs say what is served, and need nothing from elsewhere."""

import re
from collections.abc import Iterator
from typing import Any

from api.routing import ROUTES
from tests.conftest import Service

TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}


async def described(service: Service) -> dict[str, Any]:
    answer: dict[str, Any] = await service.call(None, "GET", "/openapi.json", expect=200)
    return answer


def inner(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the description."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from inner(each)
    if isinstance(value, list):
        for each in value:
            yield from inner(each)


async def test_the_description_is_openapi_3_1_and_names_every_route(service: Service) -> None:
    spec = await described(service)
    assert re.fullmatch(r"3\.1\.\d+", spec["openapi"])
    assert {"title", "version"} <= set(spec["info"])
    assert set(spec) <= {"openapi", "info", "paths", "components", "tags", "servers", "security"}
    named = {(method.upper(), path) for path, operations in spec["paths"].items() for method in operations}
    assert named == {(route.method, route.path) for route in ROUTES.table}


async def test_every_operation_has_its_shapes_answers_parameters_and_security(service: Service) -> None:
    spec = await described(service)
    for route in ROUTES.table:
        operation = spec["paths"][route.path][route.method.lower()]
        assert operation["summary"] == route.summary
        assert all(response["description"] for response in operation["responses"].values())
        good = operation["responses"][str(route.status)]
        assert ("content" in good) == (route.answer is not None)
        assert ("requestBody" in operation) == (route.body is not None)
        assert operation.get("security", []) == ([] if route.access.public else [{"token": []}])
        assert ("401" in operation["responses"]) == (not route.access.public)
        assert {"404", "422", "503"} <= set(operation["responses"])
        headers = [each["name"] for each in operation.get("parameters", []) if each["in"] == "header"]
        assert headers == (["Idempotency-Key"] if route.method == "POST" and not route.access.public else [])
        parameters = [each for each in operation.get("parameters", []) if each["in"] != "header"]
        assert all(each["in"] in ("path", "query") and each["name"] and "schema" in each for each in parameters)
        assert {each["name"] for each in parameters if each["in"] == "path"} == set(re.findall(r"\{(\w+)\}", route.path))
        assert all(each["required"] for each in parameters if each["in"] == "path")
        fields = route.query.load_fields if route.query else {}
        assert {each["name"] for each in parameters if each["in"] == "query"} == {
            each.data_key or name for name, each in fields.items()
        }


async def test_every_schema_is_well_formed_and_every_reference_leads_somewhere(service: Service) -> None:
    spec = await described(service)
    referred = set()
    for each in inner(spec):
        if isinstance(each.get("$ref"), str):
            assert each["$ref"].startswith("#/components/")
            target: Any = spec
            for step in each["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            referred.add(each["$ref"].rsplit("/", 1)[1])
        assert "nullable" not in each, "3.1 says null as a type"
        kind = each.get("type")
        if isinstance(kind, str) and "in" not in each and "scheme" not in each:
            assert kind in TYPES
        if isinstance(kind, list):
            assert set(kind) <= TYPES
    assert referred == set(spec["components"]["schemas"])


async def test_the_body_shapes_say_what_is_required_and_refuse_the_rest(service: Service) -> None:
    schemas = (await described(service))["components"]["schemas"]
    for route in ROUTES.table:
        if route.body is None:
            continue
        name = type(route.body).__name__.removesuffix("Shape")
        required = {each.data_key or key for key, each in route.body.load_fields.items() if each.required}
        assert set(schemas[name].get("required", [])) == required
        assert set(schemas[name]["properties"]) == {each.data_key or key for key, each in route.body.load_fields.items()}
        assert schemas[name]["additionalProperties"] is False


async def test_the_page_needs_no_script_and_fetches_nothing(service: Service) -> None:
    async with service.client.get("/docs") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    for forbidden in (
        "<script",
        "javascript:",
        "http://",
        "https://",
        " src=",
        "@import",
        "url(",
        "<iframe",
        "<link",
        "onclick",
        "//",
    ):
        assert forbidden not in page.replace("<code>//", ""), forbidden
    for route in ROUTES.table:
        assert f"<code>{route.path}</code>" in page
        assert route.summary in page
