"""事项清单: what each service item is called, which words belong to it, and who may do it."""

import re
from typing import Any

from marshmallow import pre_load

from api.console.pages.admin.profiles import group_options
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.routing import ADMINS
from models.errors import NotFoundError
from models.schemas.base import Query, Text
from models.schemas.catalogue import ItemChangeShape, NewItemShape
from models.service_item import ServiceItem
from models.vocabulary import LABELS, URGENCY_LABELS, Credential, ProviderKind

PATH = "/admin/catalogue"
ONE = PATH + "/{id}"
# What a new item begins with.
BLANK = ServiceItem(code="", name="", group="", group_name="", covers="")
BETWEEN = re.compile(r"[\n、，,;；]+")


class SearchQuery(Query):
    q = Text(40, load_default="")


class TypedWords:
    """Skills are typed one a line or with 、 between, examples one a line."""

    @pre_load
    def each_word(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        def split(name: str, between: re.Pattern[str]) -> list[str]:
            return [word.strip() for text in data[name] for word in between.split(str(text)) if word.strip()]

        apart = {"skills": BETWEEN, "examples": re.compile("\n+")}
        return data | {name: split(name, between) for name, between in apart.items() if isinstance(data.get(name), list)}


class TypedShape(TypedWords, ItemChangeShape):
    """Who changes an item says why."""

    reason = Text(500, shortest=1, required=True)


class TypedNewShape(TypedWords, NewItemShape):
    reason = Text(500, shortest=1, required=True)


@PAGES.add("GET", PATH, access=ADMINS, query=SearchQuery)
async def catalogue(visit: Visit) -> Shown:
    asked = visit.query["q"]
    items = visit.desk.context.catalogue.search(asked) if asked.strip() else list(visit.desk.context.catalogue)
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(item.group_name, []).append(item)
    return Page("admin/catalogue/list.html", {"groups": groups, "q": asked})


@PAGES.add("GET", PATH + "/new", access=ADMINS)
async def new_item(visit: Visit) -> Shown:
    return Page("admin/catalogue/new.html", {"item": BLANK, **options(visit)})


@PAGES.add("POST", PATH + "/new", access=ADMINS, form=TypedNewShape, again=new_item)
async def add(visit: Visit) -> Shown:
    item = await visit.desk.cataloguing.add(visit.who, visit.form)
    return Redirect(f"{PATH}/{item.code}", said=f"“{item.name}”加好了，现在就能选")


@PAGES.add("GET", ONE, access=ADMINS)
async def item_page(visit: Visit) -> Shown:
    item = visit.desk.context.catalogue.get(visit.path("id"))
    if item is None:
        raise NotFoundError("没有这个服务事项")
    understander = visit.desk.context.understander
    return Page("admin/catalogue/one.html", {"item": item, "is_learned": item.code in understander.codes, **options(visit)})


@PAGES.add("POST", ONE, access=ADMINS, form=TypedShape, again=item_page)
async def change(visit: Visit) -> Shown:
    item = await visit.desk.cataloguing.change(visit.who, visit.path("id"), visit.form)
    return Redirect(PATH, said=f"“{item.name}”改好了，以后的需求照新的办")


def options(visit: Visit) -> dict[str, Any]:
    return {
        "groups": group_options(visit),
        "credentials": list(LABELS[Credential].items()),
        "kinds": list(LABELS[ProviderKind].items()),
        "urgencies": list(URGENCY_LABELS.items()),
    }
