"""Style sheets, scripts and pictures: read and compressed once, named with the hash of their content, kept by browsers for good."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
SERVED = {".css", ".js", ".svg", ".png", ".ico", ".json", ".webmanifest", ".txt"}
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    compressed: bytes
    tag: str
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    paths = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in SERVED]
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in paths}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:16], kind)


def asset(name: str) -> str:
    """The address of a file of static/; a KeyError for one that is not there."""
    return f"/static/{name}?v={assets()[name].tag}"


async def serve_asset(request: web.Request) -> web.StreamResponse:
    found = assets().get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    headers = {
        "ETag": f'"{found.tag}"',
        "Cache-Control": FOR_GOOD if request.query.get("v") == found.tag else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if found.tag in {tag.value for tag in request.if_none_match or ()}:
        return web.Response(status=304, headers=headers)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    charset = "utf-8" if found.content_type.startswith("text/") else None
    body = found.compressed if zipped else found.content
    return web.Response(body=body, headers=headers, content_type=found.content_type, charset=charset)
