"""权重: profiles as sliders with what the past would have been, beside them; every change is a version, and any version can come back."""

from collections.abc import Mapping
from typing import Any

from api.console.picking import PlaceName, Within, meant_region, picker_of
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.routing import ADMINS
from api.views.tuning import preview_report_view
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.trials import Span
from models.schemas.base import Code, Text, Wire
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
    """A profile for a group, a region, or both; with neither it ranks only where it is asked for by name."""

    name = Code(required=True)
    group = Code(load_default=None)
    region = PlaceName(load_default="")


@PAGES.add("GET", ALL, access=ADMINS, query=Within)
async def profiles(visit: Visit) -> Shown:
    found = sorted(await visit.desk.weights.latest(), key=lambda each: (each.name != DEFAULT, each.name))
    shown = [{"weights": each, "scope": scope_words(visit, each), "shares": shares_of(each.criteria)} for each in found]
    return Page(
        "admin/weights/list.html", {"profiles": shown, "groups": group_options(visit), "picker": picker_of(visit, "region", ALL)}
    )


@PAGES.add("POST", ALL, access=ADMINS, query=Within, form=NewProfileShape, again=profiles)
async def add_profile(visit: Visit) -> Shown:
    """It begins with the weights of the default profile."""
    name = visit.form["name"]
    scope = AppliesTo(visit.form["group"], meant_region(visit, visit.form["region"], "region"))
    begun = await visit.desk.weights.get(DEFAULT)
    await visit.desk.weights.put(visit.who, name, WeightsDraft(begun.criteria, 0, "新建方案", scope))
    return Redirect(ONE.format(name=name), said="方案建好了，先和默认方案一样，可以慢慢调")


@PAGES.add("GET", ONE, access=ADMINS)
async def profile(visit: Visit) -> Shown:
    return await sliders(visit, None)


@PAGES.add("POST", ONE, access=ADMINS, form=SavedShape, again=profile)
async def save(visit: Visit) -> Shown:
    weights = await visit.desk.weights.put(visit.who, visit.path("name"), visit.form)
    return Redirect(ONE.format(name=weights.name), said=f"已保存为第 {weights.version} 版，下一次派单就用它")


@PAGES.add("POST", ONE + "/preview", access=ADMINS, form=WeightsShape, again=profile)
async def try_out(visit: Visit) -> Shown:
    """What the past would have been; nothing is kept."""
    criteria = visit.form.criteria
    report = await visit.desk.trials.preview(visit.who, visit.path("name"), criteria, Span(None, TRIED))
    return await sliders(visit, preview_report_view(report))


@PAGES.add("POST", ONE + "/rollback", access=ADMINS, form=RollbackShape, again=profile, once=True)
async def roll_back(visit: Visit) -> Shown:
    version = visit.form["version"]
    weights = await visit.desk.weights.roll_back(visit.who, visit.path("name"), version)
    return Redirect(ONE.format(name=weights.name), said=f"已退回第 {version} 版，记作第 {weights.version} 版")


async def sliders(visit: Visit, tried: Mapping[str, Any] | None) -> Page:
    """`tried` None: the page has only just been opened, and a browser with scripts asks for the trial by itself."""
    weights = await visit.desk.weights.get(visit.path("name"))
    values = {code: typed_or(visit, f"criteria.{code}", f"{weights.criteria.get(code, 0.0):g}") for code in CRITERIA}
    numbers = {code: number_of(value) for code, value in values.items()}
    context = {
        "weights": weights,
        "scope": scope_words(visit, weights),
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


def scope_words(visit: Visit, weights: Weights) -> str:
    if weights.name == DEFAULT:
        return "没有别的方案管的需求，都用它"
    scope = weights.applies_to
    if scope is None:
        return "只在点名要用时才用"
    region = visit.desk.context.regions.full_name(scope.region) if scope.region else ""
    group = dict(group_options(visit)).get(scope.group, scope.group) if scope.group else ""
    return "、".join(part for part in (region, group) if part)


def group_options(visit: Visit) -> list[tuple[str, str]]:
    return list(dict.fromkeys((item.group, item.group_name) for item in visit.desk.context.catalogue))
