"""吹哨报到 from the side of who is called: report in, say when it is done; and with which communities one has registered."""

from api.console.choosing import choice_within
from api.console.pages.my_profile import WithinQuery, own
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.paging import decode_cursor, page
from api.routing import PROVIDERS
from models.called_unit import CalledUnit
from models.organisation import Organisation
from models.registration import REGISTRATION_KIND_LABELS, RegistrationFilter
from models.schemas.whistles import ProposeClosingShape, RegistrationShape, WhistleQuery
from models.squad import SQUAD_KIND_LABELS
from models.volunteer import Volunteer
from models.whistle import Whistle, WhistleFilter
from models.whistle_states import PRESENT, UNIT_STATUS_LABELS, WHISTLE_STATUS_LABELS

PATH, WHISTLE, JOINED = "/me/whistles", "/me/whistles/{id}", "/me/registrations"
MOST_JOINED = 100
LABELS = {"unit_labels": UNIT_STATUS_LABELS, "whistle_labels": WHISTLE_STATUS_LABELS, "present": PRESENT}


def awaits(whistle: Whistle, unit: CalledUnit) -> bool:
    """Whether this unit has still to report in."""
    return whistle.is_unfinished and not unit.came


@PAGES.add("GET", PATH, access=PROVIDERS, query=WhistleQuery, nav=Nav("吹哨", "speakerphone", 30))
async def whistles(visit: Visit) -> Shown:
    desk, query = visit.desk, visit.query
    wanted = WhistleFilter(region=query["region"], need_id=query["need"], status=query["status"])
    found = await desk.whistles.list(visit.who, wanted, query["limit"] + 1, decode_cursor(query["cursor"]))
    full_name = desk.context.regions.full_name
    listed = page(
        found,
        query["limit"],
        lambda file: file.whistle.id,
        lambda file: {"whistle": file.whistle, "unit": file.whistle.units[0], "place": full_name(file.whistle.region)},
    )
    # What waits for an answer stands first on its page.
    listed["items"].sort(key=lambda each: not awaits(each["whistle"], each["unit"]))
    squads = await desk.squads.mine(visit.who)
    context = {"listed": listed, "squads": [(squad, SQUAD_KIND_LABELS[squad.kind], full_name(squad.region)) for squad in squads]}
    return Page("me/whistles.html", context | LABELS, fragment="me/whistles_list.html")


@PAGES.add("GET", WHISTLE, access=PROVIDERS)
async def whistle(visit: Visit) -> Shown:
    found = (await visit.desk.whistles.get(visit.who, visit.path("id"))).whistle
    place = visit.desk.context.regions.full_name(found.region)
    unit = found.units[0]
    context = {"whistle": found, "unit": unit, "place": place, "veiled": found.need_id is not None and awaits(found, unit)}
    return Page("me/whistle.html", context | LABELS, fragment="me/whistle_body.html")


@PAGES.add("POST", f"{WHISTLE}/report-in", access=PROVIDERS, again=whistle)
async def report_in(visit: Visit) -> Shown:
    await visit.desk.whistles.report_in(visit.who, visit.path("id"), None)
    return Redirect(WHISTLE.format(id=visit.path("id")), said="已报到，请等吹哨的一方安排")


@PAGES.add("POST", f"{WHISTLE}/propose-closing", access=PROVIDERS, form=ProposeClosingShape, again=whistle)
async def propose(visit: Visit) -> Shown:
    await visit.desk.whistles.propose(visit.who, visit.path("id"), None, visit.form["summary"])
    return Redirect(WHISTLE.format(id=visit.path("id")), said="已请吹哨的一方办结")


@PAGES.add("GET", JOINED, access=PROVIDERS, query=WithinQuery)
async def registrations(visit: Visit) -> Shown:
    if visit.who.provider is None:
        return Redirect("/me/profile/new")
    desk, profile = visit.desk, await own(visit)
    found = await desk.registering.list(visit.who, RegistrationFilter(), MOST_JOINED, None)
    full_name = desk.context.regions.full_name
    context = {
        "joined": [(each, REGISTRATION_KIND_LABELS[each.kind], full_name(each.community)) for each in found],
        "may_join": isinstance(profile, Organisation) or (isinstance(profile, Volunteer) and profile.party_member),
        "choice": choice_within(desk.context.regions, visit.query["within"] or profile.region),
        "kinds": REGISTRATION_KIND_LABELS,
    }
    return Page("me/registrations.html", context)


@PAGES.add("POST", JOINED, access=PROVIDERS, query=WithinQuery, form=RegistrationShape, again=registrations)
async def join(visit: Visit) -> Shown:
    await visit.desk.registering.register(visit.who, None, visit.form["community"], visit.form["kind"])
    return Redirect(JOINED, said="报到好了")


@PAGES.add("POST", f"{JOINED}/{{id}}/remove", access=PROVIDERS, again=registrations)
async def leave(visit: Visit) -> Shown:
    await visit.desk.registering.remove(visit.who, visit.path("id"))
    return Redirect(JOINED, said="已取消报到")
