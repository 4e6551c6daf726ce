"""权重: profiles as sliders with what the past would have been, beside them; every change is a version, and any version can come back."""

from collections.abc import Collection, Mapping
from typing import Any

from api.console.picking import PlaceName, Within, meant_region, picker_of
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.routing import ADMINS
from api.views.tuning import preview_report_view
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.trials import Span
from models.errors import InvalidInputError, StaleVersionError
from models.schemas.base import Code, Text, Whole, Wire
from models.schemas.weights import RollbackShape, WeightsShape
from models.weights import DEFAULT, AppliesTo, Weights, WeightsDraft

ALL = "/admin/weights"
ONE = ALL + "/{name}"
# So many of the latest decisions are reckoned anew while somebody moves a slider; learning reads ten times as many.
TRIED = 500


class SavedShape(WeightsShape):
    """Who changes weights says why."""

    reason = Text(500, shortest=1, required=True)


class NewProfileShape(Wire):
    """A profile for a group, a region, or both."""

    group = Code(load_default=None)
    region = PlaceName(load_default="")


class ScopeShape(NewProfileShape):
    """With neither the profile is used no more, but where it is asked for by name."""

    version = Whole(0, 2**31, required=True)


@PAGES.add("GET", ALL, access=ADMINS, query=Within)
async def profiles(visit: Visit) -> Shown:
    found = sorted(await visit.desk.weights.latest(), key=lambda each: (each.name != DEFAULT, each.name))
    shown = [
        {"weights": each, "title": title_of(visit, each), "scope": scope_words(visit, each), "shares": shares_of(each.criteria)}
        for each in found
    ]
    return Page(
        "admin/weights/list.html", {"profiles": shown, "groups": group_options(visit), "picker": picker_of(visit, "region", ALL)}
    )


@PAGES.add("POST", ALL, access=ADMINS, query=Within, form=NewProfileShape, again=profiles)
async def add_profile(visit: Visit) -> Shown:
    """It begins with the weights of the default profile. What it is for names it: nobody has to think of a code."""
    scope = AppliesTo(visit.form["group"], meant_region(visit, visit.form["region"], "region"))
    if scope.anywhere:
        raise InvalidInputError("填写的内容有误", {"group": ["选一类事，或者填一个地方"]})
    taken = {each.name for each in await visit.desk.weights.latest()}
    name = free_name("-".join(filter(None, (scope.group, scope.region))), taken)
    begun = await visit.desk.weights.get(DEFAULT)
    await visit.desk.weights.put(visit.who, name, WeightsDraft(begun.criteria, 0, "新建方案", scope))
    return Redirect(ONE.format(name=name), said="方案建好了，先和默认方案一样，可以慢慢调")


@PAGES.add("GET", ONE, access=ADMINS, query=Within)
async def profile(visit: Visit) -> Shown:
    return await sliders(visit, None)


@PAGES.add("POST", ONE, access=ADMINS, query=Within, form=SavedShape, again=profile)
async def save(visit: Visit) -> Shown:
    weights = await visit.desk.weights.put(visit.who, visit.path("name"), visit.form)
    return Redirect(ONE.format(name=weights.name), said=f"已保存为第 {weights.version} 版，下一次派单就用它")


@PAGES.add("POST", ONE + "/preview", access=ADMINS, query=Within, form=WeightsShape, again=profile)
async def try_out(visit: Visit) -> Shown:
    """What the past would have been; nothing is kept."""
    criteria = visit.form.criteria
    report = await visit.desk.trials.preview(visit.who, visit.path("name"), criteria, Span(None, TRIED))
    return await sliders(visit, preview_report_view(report))


@PAGES.add("POST", ONE + "/scope", access=ADMINS, query=Within, form=ScopeShape, again=profile)
async def set_scope(visit: Visit) -> Shown:
    present = await visit.desk.weights.get(visit.path("name"))
    scope = AppliesTo(visit.form["group"], meant_region(visit, visit.form["region"], "region"))
    draft = WeightsDraft(present.criteria, visit.form["version"], "改了管哪些需求", scope)
    weights = await visit.desk.weights.put(visit.who, present.name, draft)
    return Redirect(ONE.format(name=weights.name), said=f"已改：{scope_words(visit, weights)}")


@PAGES.add("POST", ONE + "/rollback", access=ADMINS, query=Within, form=RollbackShape, again=profile, once=True)
async def roll_back(visit: Visit) -> Shown:
    version = visit.form["version"]
    weights = await visit.desk.weights.roll_back(visit.who, visit.path("name"), version)
    return Redirect(ONE.format(name=weights.name), said=f"已退回第 {version} 版，记作第 {weights.version} 版")


async def sliders(visit: Visit, tried: Mapping[str, Any] | None) -> Page:
    """`tried` None: the page has only just been opened, and a browser with scripts asks for the trial by itself."""
    weights = await visit.desk.weights.get(visit.path("name"))
    values = {code: typed_or(visit, f"criteria.{code}", f"{weights.criteria.get(code, 0.0):g}") for code in CRITERIA}
    numbers = {code: number_of(value) for code, value in values.items()}
    region = weights.applies_to.region if weights.applies_to else None
    was_typed = bool(visit.typed.all("criteria.skill"))
    is_stale = was_typed and isinstance(visit.problem, StaleVersionError)
    context = {
        "weights": weights,
        # Who was overtaken sees what the other one saved, and may then save over it.
        "theirs": weights if is_stale else None,
        "version": visit.typed.get("version", weights.version) if was_typed and not is_stale else weights.version,
        "whole": not visit.wants_fragment,
        "title": title_of(visit, weights),
        "scope": scope_words(visit, weights),
        "groups": group_options(visit),
        "picker": picker_of(visit, "region", ONE.format(name=weights.name), present=region),
        "criteria": [(each, values[each.code], numbers[each.code]) for each in CRITERIA.values()],
        "total": sum(numbers.values()),
        "most": max(1.0, *numbers.values()),
        "versions": [(each, shares_of(each.criteria)) for each in await visit.desk.weights.versions(weights.name)],
        "tried": tried,
    }
    return Page("admin/weights/one.html", context, fragment="admin/weights/tried.html")


def typed_or(visit: Visit, name: str, default: str) -> str:
    """Another form of the page, which has no such field, leaves it as it is."""
    return next(reversed(visit.typed.all(name)), default)


def number_of(value: object) -> float:
    """For bars and sums alone: what is not a number is told where it stands."""
    try:
        return max(0.0, min(float(str(value)), 1_000_000.0))
    except ValueError:
        return 0.0


def shares_of(criteria: Mapping[str, float]) -> list[tuple[str, float, int]]:
    """For the macro `parts`."""
    total = sum(criteria.values()) or 1.0
    return [(each.label, criteria.get(each.code, 0.0) / total, place) for place, each in enumerate(CRITERIA.values())]


def free_name(wanted: str, taken: Collection[str]) -> str:
    return next(name for name in (wanted, *(f"{wanted}-{count}" for count in range(2, len(taken) + 3))) if name not in taken)


def title_of(visit: Visit, weights: Weights) -> str:
    if weights.name == DEFAULT:
        return "默认方案"
    return scope_words(visit, weights) if weights.applies_to else weights.name


def scope_words(visit: Visit, weights: Weights) -> str:
    if weights.name == DEFAULT:
        return "没有别的方案管的需求，都用它"
    scope = weights.applies_to
    if scope is None:
        return "现在不用，只在点名要用时才用"
    region = visit.desk.context.regions.full_name(scope.region) if scope.region else ""
    group = dict(group_options(visit)).get(scope.group, scope.group) if scope.group else ""
    return "、".join(part for part in (region, group) if part)


def group_options(visit: Visit) -> list[tuple[str, str]]:
    return list(dict.fromkeys((item.group, item.group_name) for item in visit.desk.context.catalogue))
