"""Templates to pages."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from api.console import words
from api.console.assets import asset
from api.console.once import FIELD, new_key
from api.console.session import has_said, said
from models.account import Principal
from models.errors import InvalidInputError, SandanError
from models.vocabulary import Role

if TYPE_CHECKING:
    from api.console.routing import Visit

HERE = Path(__file__).parent
ICONS = {path.stem: path.read_text(encoding="utf-8").strip() for path in (HERE / "icons").glob("*.svg")}
# htmx evaluates nothing, writes no style sheet of its own, asks nobody but us, and shows our refusals as well.
HTMX_CONFIG = (
    '{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"timeout":20000,"allowScriptTags":false,"historyCacheSize":0,'
    '"responseHandling":[{"code":"204","swap":false},{"code":"...","swap":true}]}'
)


def install(app: web.Application, navigation_of: Callable[[Role], Sequence[object]]) -> None:
    env = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        filters=words.FILTERS,
    )
    env.globals.update(navigation_of=navigation_of, asset=asset, icon=icon, htmx_config=HTMX_CONFIG, once_field=FIELD)


def icon(name: str, css: str = "icon") -> Markup:
    """Of Tabler's icons the ones in icons/: said to be decoration, the words beside it speak."""
    start = '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    rest = 'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
    return Markup(start + rest).format(css, Markup(ICONS[name]))  # noqa: S704 - our own files, and what is not is escaped


async def render(
    visit: "Visit", template: str, context: Mapping[str, Any], fragment: str | None = None, status: int = 200
) -> web.Response:
    """A whole page also says what is to be said once, and knows how many notices are unread."""
    whole = fragment is None
    given = {**_around(visit), "unread": await _unread(visit.someone, visit) if whole else 0} | dict(context)
    text = aiohttp_jinja2.render_string(fragment or template, visit.request, given)
    response = web.Response(status=status, text=text, content_type="text/html")
    if whole and given["said"]:
        has_said(response)
    return response


def _around(visit: "Visit") -> dict[str, Any]:
    return {
        "who": visit.someone,
        "here": visit.request.path,
        "now": visit.desk.context.now(),
        "begun_ms": int(visit.begun_at * 1000),
        "said": said(visit.request),
        "typed": visit.typed,
        "form_key": new_key(),
        "problem": visit.problem,
        "errors": errors_of(visit.problem),
    }


async def _unread(someone: Principal | None, visit: "Visit") -> int:
    return await visit.desk.notices.unread(someone) if someone else 0


def errors_of(problem: SandanError | None) -> dict[str, list[str]]:
    return problem.fields if isinstance(problem, InvalidInputError) else {}
