"""我的资料: what I can do, when, how much, who stands in for me. A page a part, so that each fits a telephone."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from api.console.choosing import choice_within
from api.console.forms import folded
from api.console.profile_forms import (
    JOIN_FORMS,
    AwayForm,
    LoadForm,
    PauseForm,
    ReachForm,
    SkillsForm,
    TimesForm,
    window_name,
)
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.parsing import shaped
from api.routing import PROVIDERS
from api.views.shared import clock_text
from models.budget import USUAL_OFFERS
from models.errors import InvalidInputError, NotFoundError
from models.provider import Provider
from models.schedule import DAY_MINUTES, Slot
from models.schemas.base import Code, Query
from models.schemas.notices import QuietHoursShape
from models.vocabulary import LABELS, Credential, Language, OrganisationType, ProviderKind

PATH = "/me/profile"
WEEKDAYS = "一二三四五六日"
# From here on an item is among those that somebody is mainly asked for; the rules let pass far less, for want of others.
SURE, LIKELY = 0.5, 0.2
WINDOWS_SHOWN = 3
HALF_HOURS = [clock_text(minute) for minute in range(0, DAY_MINUTES + 1, 30)]


class WithinQuery(Query):
    """Where the choice of a community stands."""

    within = Code(load_default=None)


async def own(visit: Visit) -> Provider:
    if visit.who.provider is None:
        raise NotFoundError("还没有登记资料")
    return await visit.desk.roster.get(visit.who, visit.who.provider)


@PAGES.add("GET", PATH, access=PROVIDERS, nav=Nav("我的", "user", 50))
async def overview(visit: Visit) -> Shown:
    if visit.who.provider is None:
        return Redirect(f"{PATH}/new")
    profile = await own(visit)
    context = {
        "profile": profile,
        "place": visit.desk.context.regions.full_name(profile.region),
        "hours": hours_in_words(profile.availability),
        "understood": understood(visit, profile),
        "quiet": await visit.desk.notices.quiet_hours(visit.who),
        "stand_in": await visit.desk.roster.name_of(profile.substitute),
        "clock": clock_text,
    }
    return Page("me/profile.html", context)


def hours_in_words(slots: tuple[Slot, ...]) -> list[str]:
    """Days with the same hours together: 周一、周三 18:00–21:00."""
    days: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day in range(1, 8):
        if hours := tuple((slot.start_minute, slot.end_minute) for slot in slots if slot.weekday == day):
            days.setdefault(hours, []).append(day)
    return [
        "、".join(f"周{WEEKDAYS[day - 1]}" for day in found)
        + " "
        + "，".join(f"{clock_text(start)}–{clock_text(end)}" for start, end in hours)
        for hours, found in days.items()
    ]


def understood(visit: Visit, profile: Provider) -> list[tuple[str, str]]:
    """The service items that somebody's words were surely taken to mean; what they only touch upon is nobody's promise."""
    name_of = visit.desk.context.catalogue.name_of
    return [
        (name_of(each.code), "拿手" if each.confidence >= SURE else "会做")
        for each in profile.services
        if each.confidence >= LIKELY
    ]


@PAGES.add("GET", f"{PATH}/new", access=PROVIDERS, query=WithinQuery)
async def new(visit: Visit) -> Shown:
    if visit.who.provider is not None:
        return Redirect(PATH)
    kind = ProviderKind(visit.who.role)
    options = {"types": LABELS[OrganisationType], "credentials": LABELS[Credential]}
    return Page(
        "me/join.html", {"kind": kind, "choice": choice_within(visit.desk.context.regions, visit.query["within"]), **options}
    )


@PAGES.add("POST", f"{PATH}/new", access=PROVIDERS, query=WithinQuery, again=new)
async def join(visit: Visit) -> Shown:
    kind = ProviderKind(visit.who.role)
    schema = JOIN_FORMS[kind]()
    await visit.desk.roster.register(visit.who, kind, shaped(schema, folded(schema, visit.typed)))
    return Redirect(PATH, said="登记好了。下面写一写什么时候有空。")


def part(name: str, form: type[Schema], said: str) -> None:
    """The page of one part of the profile, and its form."""

    async def show(visit: Visit) -> Shown:
        if visit.who.provider is None:
            return Redirect(f"{PATH}/new")
        profile = await own(visit)
        return Page(f"me/profile_{name}.html", {"profile": profile, **await extras(visit, name, profile)})

    async def save(visit: Visit) -> Shown:
        profile = await own(visit)
        changes = dict(visit.form)
        if "substitute" in changes:
            changes["substitute"] = await visit.desk.roster.stand_in(profile, changes["substitute"])
        await visit.desk.roster.change(visit.who, profile.ref, changes.pop("version"), changes)
        return Redirect(PATH, said=said)

    PAGES.add("GET", f"{PATH}/{name}", access=PROVIDERS)(show)
    PAGES.add("POST", f"{PATH}/{name}", access=PROVIDERS, form=form, again=show)(save)


async def extras(visit: Visit, name: str, profile: Provider) -> Mapping[str, Any]:
    if name == "times":
        return {"days": windows_of(profile.availability), "half_hours": HALF_HOURS}
    if name == "load":
        return {"usual": USUAL_OFFERS[profile.kind]}
    if name == "skills":
        return {"languages": LABELS[Language], "understood": understood(visit, profile)}
    if name == "away":
        squads = await visit.desk.squads.mine(visit.who)
        mates = {each.name for squad in squads for each in squad.members if each.ref != profile.ref}
        stand_in = await visit.desk.roster.name_of(profile.substitute)
        return {"mates": sorted(mates), "chosen": await _as_said(visit, profile, stand_in), "stand_in": stand_in}
    return {}


async def _as_said(visit: Visit, profile: Provider, name: str | None) -> str:
    """The present substitute's name where it says who is meant, else the number, so that saving the page changes nobody; nothing
    for one who is gone."""
    if name is None:
        return ""
    try:
        found = await visit.desk.roster.stand_in(profile, name)
    except InvalidInputError:
        found = None
    return name if found == profile.substitute else str(profile.substitute)


def windows_of(slots: tuple[Slot, ...]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """For each day its boxes: name, from, to. Three are shown, and as many as there are."""
    days = []
    for day in range(1, 8):
        shown = [(clock_text(slot.start_minute), clock_text(slot.end_minute)) for slot in slots if slot.weekday == day]
        shown += [("", "")] * (WINDOWS_SHOWN - len(shown))
        days.append((f"周{WEEKDAYS[day - 1]}", [(window_name(day, place), *each) for place, each in enumerate(shown)]))
    return days


part("times", TimesForm, "有空的时间记下了")
part("load", LoadForm, "接单的多少记下了")
part("away", AwayForm, "记下了")
part("skills", SkillsForm, "技能记下了，看看我们听懂了什么")
part("reach", ReachForm, "记下了")


@PAGES.add("POST", f"{PATH}/pause", access=PROVIDERS, form=PauseForm, again=overview)
async def pause(visit: Visit) -> Shown:
    profile = await own(visit)
    await visit.desk.roster.change(visit.who, profile.ref, visit.form["version"], {"active": visit.form["active"]})
    return Redirect(PATH, said="欢迎回来，可以接单了" if visit.form["active"] else "已暂停，不会再派给您新的单")


@PAGES.add("GET", f"{PATH}/quiet", access=PROVIDERS)
async def quiet(visit: Visit) -> Shown:
    return Page("me/profile_quiet.html", {"quiet": await visit.desk.notices.quiet_hours(visit.who), "clock": clock_text})


@PAGES.add("POST", f"{PATH}/quiet", access=PROVIDERS, form=QuietHoursShape, again=quiet)
async def set_quiet(visit: Visit) -> Shown:
    await visit.desk.notices.set_quiet_hours(visit.who, visit.form)
    return Redirect(PATH, said="免打扰的时间记下了")
