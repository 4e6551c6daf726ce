"""What pages load: ours alone, light, kept by the browser."""

import gzip
import re

from api.console.assets import asset, assets
from models.vocabulary import Role
from tests.conftest import Service
from tests.console.conftest import VisitorOf

MOST_BYTES = 150_000


async def test_a_page_with_all_it_loads_is_light(service: Service, visitor_of: VisitorOf) -> None:
    seen = await (await visitor_of(Role.RESIDENT)).get("/me/notices")
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', seen.text)
    assert len(loaded) >= 5
    size = len(gzip.compress(seen.text.encode()))
    for address in loaded:
        async with service.client.get(address, headers={"Accept-Encoding": "gzip"}) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"].endswith("immutable")
            size += int(response.headers["Content-Length"])
    assert size <= MOST_BYTES
    assert not re.search(r'(?:src|href)="(?:https?:)?//', seen.text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=|\bhx-on", seen.text)


async def test_a_file_is_named_by_its_content_and_asked_for_anew_only_when_it_changed(service: Service) -> None:
    name = "app.css"
    async with service.client.get(asset(name)) as response:
        tag = response.headers["ETag"]
        assert response.content_type == "text/css"
        assert await response.read() == assets()[name].content
    async with service.client.get(f"/static/{name}", headers={"If-None-Match": tag}) as response:
        assert (response.status, response.headers["Cache-Control"]) == (304, "no-cache")
    for wrong in ("nothing.css", "../rendering.py", "%2e%2e/rendering.py", "vendor/", "vendor"):
        async with service.client.get(f"/static/{wrong}") as response:
            assert response.status == 404


def test_what_others_made_has_its_licence_beside_it() -> None:
    names = {name.rpartition("/")[2] for name in assets() if name.startswith("vendor/")}
    for name in names - {"NOTICE.txt"}:
        if not name.endswith(".LICENSE.txt"):
            assert f"{name.partition('.')[0]}.LICENSE.txt" in names, name
