"""Whom a whistle may call, as a clerk looks for them: those who do such work first, then by kind, the nearest of each first."""

from dataclasses import dataclass

from api.console.routing import Visit
from models.errors import InvalidInputError
from models.need import Need, NeedPosting
from models.organisation import Organisation
from models.place import Point
from models.provider import Provider
from models.vocabulary import Channel, OrganisationType, label

FITTING = "像是对口的"
# Of the likeliest items, and so many units: a list that is seen whole.
LIKELY_ITEMS = 2
MOST_FITTING = 8
FAR_KM = 1e6


@dataclass(frozen=True, slots=True)
class CallableUnit:
    """`distance_km` None where either place is not known."""

    unit: Provider
    kind: str
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    units: tuple[CallableUnit, ...]


async def groups(visit: Visit, region: str, need: Need | None, text: str) -> list[Group]:
    """Everybody stands in one group."""
    found = await visit.desk.whistles.units_to_call(visit.who, region)
    point = (need.point if need else None) or visit.desk.context.regions.point_of(region)
    units = sorted((_called(each, point) for each in found), key=lambda each: each.distance_km or FAR_KM)
    wanted = await _items(visit, region, need, text)
    fitting = [each for each in units if isinstance(each.unit, Organisation) and wanted & {s.code for s in each.unit.services}]
    fitting = sorted(fitting[:MOST_FITTING], key=lambda each: not _is_department(each.unit))
    rest = [each for each in units if each not in fitting]
    kinds = dict.fromkeys(each.kind for each in sorted(rest, key=lambda each: _order(each.unit)))
    grouped = [Group(kind, tuple(each for each in rest if each.kind == kind)) for kind in kinds]
    return [Group(FITTING, tuple(fitting)), *grouped] if fitting else grouped


def _called(unit: Provider, point: Point | None) -> CallableUnit:
    distance = point.distance_km(unit.point) if point and unit.point else None
    return CallableUnit(unit, label(unit.type) if isinstance(unit, Organisation) else f"来报到的{label(unit.kind)}", distance)


async def _items(visit: Visit, region: str, need: Need | None, text: str) -> set[str]:
    """What the matter is about: of a need as it was understood, of words as they would be."""
    services = need.understanding.services if need else ()
    if need is None and len(text) > 1:
        try:
            posting = NeedPosting(text=text, region=region, channel=Channel.COMMUNITY)
            services = (await visit.desk.intake.preview(visit.who, posting)).services
        except InvalidInputError:
            services = ()
    return {each.code for each in services[:LIKELY_ITEMS]}


def _is_department(unit: Provider) -> bool:
    return isinstance(unit, Organisation) and unit.type == OrganisationType.DEPARTMENT


def _order(unit: Provider) -> tuple[bool, bool]:
    return not _is_department(unit), not isinstance(unit, Organisation)
