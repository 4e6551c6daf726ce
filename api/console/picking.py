"""A field for a region: typed by name or code, with names offered, or chosen a step at a time down from what one oversees.

A step is a link to the same page with `within`; a browser with scripts exchanges the field alone, and keeps what else was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.console.places import offered_places
from api.console.routing import Visit
from models.errors import InvalidInputError
from models.place import COMMUNITY_LENGTH, DISTRICT_LENGTH, Region, ancestry, lies_within
from models.schemas.base import Code, Query, Text

MOST_NAMES = 400


class Within(Query):
    """Where the steps have led to."""

    within = Code(load_default=None)


class PlaceName(Code):
    """Where the API wants a region's code: the code, or the name as people say it. For `meant_region`."""

    def __init__(self, **rest: Any) -> None:
        Text.__init__(self, longest=100, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return Text._deserialize(self, value, attr, data, **kwargs)


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Picker:
    """`way` leads up, `below` down; both are empty for who oversees so little that the offered `names` are all there is."""

    value: str
    names: list[str]
    way: list[Step]
    below: list[Step]
    chosen: bool


def picker_of(
    visit: Visit, field: str, path: str, *, present: str | None = None, usual: str = "", asked: Mapping[str, object] | None = None
) -> Picker:
    """For `field` of the page at `path`, opened with `asked`; `present` is the code that stands there, `usual` what stands there else."""
    chosen = _chosen(visit)
    here = chosen or _typed(visit, field) or _known(visit, present)
    label = here_label(visit, chosen or _known(visit, present)) or usual
    if not is_wide(visit):
        return Picker(label, offered_places(visit), [], [], False)
    start = here.code if here else visit.who.scope
    way = [found for code in reversed(ancestry(start)) if (found := _known(visit, code))] if start else []
    below = visit.desk.context.regions.children(start) if len(start or "") < COMMUNITY_LENGTH else []
    steps = {each.code: Step(each.code, each.name, _address(path, asked, each.code)) for each in (*way, *below)}
    top = [Step("", "全部", _address(path, asked, None))] if way and visit.who.scope is None else []
    return Picker(
        label,
        _names(visit),
        [*top, *(steps[each.code] for each in way)],
        [steps[each.code] for each in below],
        chosen is not None,
    )


def meant_region(visit: Visit, text: str | None, field: str) -> str | None:
    """The code of what was typed, of any level; None for an empty box. A code is handed on as it is: who may name which region the
    use case decides. Raises InvalidInputError for `field`."""
    said, regions = (text or "").strip(), visit.desk.context.regions
    if not said or regions.get(said) is not None:
        return said or None
    return regions.meant(said, visit.who.scope, field, whole=True).code


def is_wide(visit: Visit) -> bool:
    """So many places that they are not all offered at once."""
    return visit.who.scope is None or len(visit.who.scope) <= DISTRICT_LENGTH


def here_label(visit: Visit, region: Region | None) -> str:
    """As people say it, where that means this region alone; its code otherwise."""
    if region is None:
        return ""
    regions = visit.desk.context.regions
    name = regions.name_of(region.code)
    try:
        return name if regions.meant(name, visit.who.scope, whole=True) == region else region.code
    except InvalidInputError:
        return region.code


def _chosen(visit: Visit) -> Region | None:
    return _known(visit, visit.query["within"])


def _known(visit: Visit, code: str | None) -> Region | None:
    return visit.desk.context.regions.get(code) if code and lies_within(code, visit.who.scope) else None


def _typed(visit: Visit, field: str) -> Region | None:
    try:
        return _known(visit, meant_region(visit, str(visit.typed.get(field)), field))
    except InvalidInputError:
        return None


def _names(visit: Visit) -> list[str]:
    """The largest first: of a province its cities, districts and some streets."""
    regions, scope = visit.desk.context.regions, visit.who.scope
    codes = sorted((each.code for each in regions if lies_within(each.code, scope)), key=lambda code: (len(code), code))
    return [regions.name_of(code) for code in codes[:MOST_NAMES]]


def _address(path: str, asked: Mapping[str, object] | None, code: str | None) -> str:
    query = {**(asked or {}), **({"within": code} if code else {})}
    return f"{path}?{urlencode(query)}"
