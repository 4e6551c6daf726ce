"""Regions as the person at the desk says them, and the list that a field for one offers while they type."""

from collections.abc import Callable

from api.console.routing import Visit
from models.account import NOWHERE
from models.place import COMMUNITY_LENGTH, Region, Regions

MOST_OFFERED = 400


def place_name(visit: Visit) -> Callable[[str], str]:
    """The name of a region without what all regions of this person have in common."""
    regions, who = visit.desk.context.regions, visit.who
    return lambda code: short_name(regions, who.scope if who.is_overseer else None, code)


def short_name(regions: Regions, scope: str | None, code: str) -> str:
    name = regions.full_name(code)
    region = regions.get(code)
    rest = name.removeprefix(regions.full_name(scope)) if scope else name
    return rest or (region.name if region else name) or code


def near_name(visit: Visit) -> Callable[[str], str]:
    """The community, street or district by its own name: for a list of units from all around."""
    regions = visit.desk.context.regions

    def name(code: str) -> str:
        region = regions.get(code[:COMMUNITY_LENGTH])
        return region.name if region else code

    return name


def offered_places(visit: Visit) -> list[str]:
    """Of an administrator only the districts' streets would be thousands: they type."""
    regions, scope = visit.desk.context.regions, visit.who.scope
    if scope is None:
        return []
    codes = sorted((each.code for each in regions.below(scope)), key=lambda code: (len(code), code))
    return [short_name(regions, scope, code) for code in codes[:MOST_OFFERED]]


def own_place(visit: Visit) -> str:
    scope = visit.who.scope
    return short_name(visit.desk.context.regions, scope, scope) if scope and scope != NOWHERE else ""


def meant_place(visit: Visit, text: str, field: str) -> Region:
    """What was typed, as a region of the caller's own. Raises InvalidInputError for `field`."""
    return visit.desk.context.regions.meant(text, visit.who.scope, field)
