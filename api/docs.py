"""The API's description as a page: no script, nothing fetched from elsewhere."""

import json
from html import escape
from typing import Any

STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.2rem;border-bottom:2px solid #b3261e;padding-bottom:.2rem;font-size:1.15rem}
details{border:1px solid #d5dbe1;border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}
code{font-family:ui-monospace,monospace}.m{display:inline-block;min-width:4.2rem;font-weight:700;color:#b3261e}
table{border-collapse:collapse;width:100%;font-size:.92rem;margin:.4rem 0}
td,th{border:1px solid #d5dbe1;padding:.25rem .5rem;text-align:left;vertical-align:top}
pre{background:#f4f6f8;padding:.6rem;overflow:auto;border-radius:6px}
"""


def render_docs(spec: dict[str, Any]) -> str:
    groups: dict[str, list[str]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation, spec))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(entries)}" for tag, entries in groups.items())
    info = spec["info"]
    return (
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(info['title'])} 接口文档</title><style>{STYLE}</style><h1>{escape(info['title'])} 接口文档</h1>"
        f"<p>{escape(info['description'])}机器可读的描述在 <a href=/openapi.json>/openapi.json</a>。除注明外都要在 "
        f"<code>Authorization: Bearer 令牌</code> 里带上登录得到的令牌；出错时回答 <code>application/problem+json</code>。</p>{sections}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any], spec: dict[str, Any]) -> str:
    parts = [f"<p>{escape(operation.get('description', '不用登录。'))}</p>"]
    if parameters := operation.get("parameters"):
        parts.append(_table([(each["name"], _kind(each["schema"]), each.get("required", False)) for each in parameters]))
    if body := operation.get("requestBody"):
        parts.append("<p>请求正文</p>" + _shape(body["content"]["application/json"]["schema"], spec))
    for status, response in operation["responses"].items():
        if status.startswith("2") and "content" in response:
            parts.append(f"<p>回答 {status}</p>" + _shape(response["content"]["application/json"]["schema"], spec))
    return (
        f"<details><summary><span class=m>{method.upper()}</span> <code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
        f"{''.join(parts)}</details>"
    )


def _table(rows: list[tuple[str, str, bool]]) -> str:
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{escape(kind)}<td>{'必填' if required else ''}" for name, kind, required in rows
    )
    return f"<table><tr><th>参数<th>形式<th>{cells}</table>"


def _shape(schema: dict[str, Any], spec: dict[str, Any]) -> str:
    return f"<pre>{escape(json.dumps(_expanded(schema, spec, 0), ensure_ascii=False, indent=1))}</pre>"


def _expanded(schema: dict[str, Any], spec: dict[str, Any], depth: int) -> Any:
    """A shape as an example of itself: each field with its kind."""
    if "$ref" in schema:
        if depth > 5:
            return "…"
        return _expanded(spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], spec, depth + 1)
    for choice in ("anyOf", "allOf", "oneOf"):
        if choice in schema:
            return _expanded(schema[choice][0], spec, depth)
    if "properties" in schema:
        return {name: _expanded(inner, spec, depth + 1) for name, inner in schema["properties"].items()}
    if schema.get("type") == "array" or "items" in schema:
        return [_expanded(schema["items"], spec, depth + 1)]
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        return {"…": _expanded(schema["additionalProperties"], spec, depth + 1)}
    return _kind(schema)


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "any")
    text = "|".join(kind) if isinstance(kind, list) else str(kind)
    if "enum" in schema:
        text = " | ".join(str(word) for word in schema["enum"])
    if "minimum" in schema and "maximum" in schema:
        text += f" {schema['minimum']}–{schema['maximum']}"
    if "maxLength" in schema:
        text += f" ≤{schema['maxLength']}字"
    if "format" in schema:
        text += f" ({schema['format']})"
    return text
