"""辖区: whistles that wait for an answer, and how each region below stands; the same on a map."""

from typing import Any

from api.console.places import place_name
from api.console.routing import PAGES, Nav, Page, Shown, Visit
from api.keys import SETTINGS
from api.routing import OVERSEERS
from api.views.clocks import overview_view
from models.schemas.needs import CountsQuery
from models.vocabulary import Role
from models.whistle import Whistle, WhistleFilter
from models.whistle_states import UNIT_STATUS_LABELS, WHISTLE_STATUS_LABELS, UnitStatus, WhistleStatus

MOST_WHISTLES = 10


@PAGES.add("GET", "/desk/regions", access=OVERSEERS, query=CountsQuery, nav=Nav("辖区", "building", 25), home_of={Role.STREET})
async def regions_page(visit: Visit) -> Shown:
    return Page(
        "desk/regions.html",
        {**await _overview(visit), "whistles": await _waiting(visit)},
        fragment="desk/regions_board.html",
    )


@PAGES.add("GET", "/desk/map", access=OVERSEERS, query=CountsQuery, nav=Nav("地图", "map-pin", 50))
async def map_page(visit: Visit) -> Shown:
    settings = visit.request.app[SETTINGS]
    return Page(
        "desk/map.html",
        {**await _overview(visit), "tile_url": settings.tile_url or "", "tile_attribution": settings.tile_attribution},
        fragment="desk/regions_table.html",
    )


async def _overview(visit: Visit) -> dict[str, Any]:
    found = await visit.desk.overviews.of(visit.who, visit.query["region"])
    shown = overview_view(found, visit.desk.context)
    numbers = ("waiting", "offered", "in_hand", "to_confirm", "near_due", "overdue", "providers")
    regions = visit.desk.context.regions
    for each in shown["regions"]:
        each["quiet"] = not any(each[name] for name in numbers if name != "providers")
        each["name"] = each["name"] if found.region else regions.full_name(each["region"]) or each["name"]
    shown["regions"].sort(
        key=lambda each: tuple(-each[name] for name in ("overdue", "near_due", "waiting", "offered", "in_hand"))
    )
    return {
        "overview": shown,
        "sums": {name: sum(each[name] for each in shown["regions"]) for name in numbers},
        "above": _above(visit, found.region),
        "asked_region": visit.query["region"],
    }


def _above(visit: Visit, region: str | None) -> str | None:
    """The address of the level above, for who came down from there; None at the top of what they oversee."""
    if region is None or region == visit.who.scope:
        return None
    known = visit.desk.context.regions.get(region)
    parent = known.parent if known else None
    return f"?region={parent}" if parent and visit.who.oversees(parent) and len(parent) >= 6 else "?"


async def _waiting(visit: Visit) -> dict[str, Any]:
    """Whistles that are not closed: first those that somebody has not come to in time, then those that ask to be closed."""
    files = [
        file
        for status in (WhistleStatus.PROPOSED, WhistleStatus.OPEN)
        for file in await visit.desk.whistles.list(
            visit.who, WhistleFilter(region=visit.query["region"], status=status), MOST_WHISTLES, None
        )
    ]
    whistles = sorted((file.whistle for file in files), key=lambda whistle: not _absent(whistle))
    return {
        "list": whistles,
        "absent": sum(map(_absent, whistles)),
        "status": WHISTLE_STATUS_LABELS,
        "unit_status": UNIT_STATUS_LABELS,
        "place_name": place_name(visit),
    }


def _absent(whistle: Whistle) -> int:
    """How many units it still waits for after their time."""
    return sum(each.status == UnitStatus.ABSENT for each in whistle.units)
