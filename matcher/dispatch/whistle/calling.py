"""Who may be called by a whistle in a region, or be put on a squad of it."""

from collections.abc import Iterable

from matcher.dispatch.ports import UnitPort
from models.account import Principal, ProviderRef
from models.errors import InvalidInputError
from models.organisation import Organisation
from models.place import COMMUNITY_LENGTH, lies_within
from models.provider import Provider, ProviderSummary
from models.registration import RegistrationFilter
from models.squad import Squad
from models.vocabulary import OrganisationType

MOST_REGISTRATIONS = 200
MOST_OFFERED = 400


async def callable_units(
    unit: UnitPort, who: Principal, region: str, refs: Iterable[ProviderRef], field: str
) -> tuple[ProviderSummary, ...]:
    """Each as it is to be named. Those that are not there and those that may not be called are told apart by nothing."""
    found, strangers = [], []
    for ref in dict.fromkeys(refs):
        provider = await unit.providers.get(ref)
        if provider is None or not provider.active or not await may_call(unit, who, region, provider):
            strangers.append(f"{ref} 不存在、已停用，或没有到本辖区报到")
        else:
            found.append(ProviderSummary(provider.kind, provider.id, provider.name))
    if strangers:
        raise InvalidInputError("有的单位叫不到", {field: strangers})
    return tuple(found)


async def may_call(unit: UnitPort, who: Principal, region: str, provider: Provider) -> bool:
    """Those of the caller's own region; organisations that serve the place or are seated in a region around it, such as a
    district's departments; and whoever has registered with a community of the place."""
    if who.oversees(provider.region):
        return True
    if isinstance(provider, Organisation) and any(
        lies_within(region, served) for served in (provider.region, *provider.service_regions)
    ):
        return True
    registered = await unit.registrations.list(RegistrationFilter(provider=provider.ref), MOST_REGISTRATIONS, None)
    return any(lies_within(region, each.community) or lies_within(each.community, region) for each in registered)


async def units_to_call(unit: UnitPort, who: Principal, region: str) -> list[Provider]:
    """Whom somebody may choose from: organisations first, departments before all; then the party members who registered here."""
    found = {each.ref: each for each in await unit.providers.organisations_around(region, who.scope, MOST_OFFERED)}
    for each in await unit.registrations.list(RegistrationFilter(community=region[:COMMUNITY_LENGTH]), MOST_REGISTRATIONS, None):
        provider = None if each.provider.ref in found else await unit.providers.get(each.provider.ref)
        if provider is not None and provider.active:
            found[provider.ref] = provider
    return sorted(found.values(), key=_first_called)


def _first_called(provider: Provider) -> tuple[bool, bool, str]:
    is_organisation = isinstance(provider, Organisation)
    is_department = isinstance(provider, Organisation) and provider.type == OrganisationType.DEPARTMENT
    return not is_department, not is_organisation, provider.region


async def callable_squads(unit: UnitPort, who: Principal, ids: Iterable[str], field: str) -> tuple[Squad, ...]:
    found, strangers = [], []
    for squad_id in dict.fromkeys(ids):
        squad = await unit.squads.get(squad_id)
        if squad is None or not may_see_squad(who, squad) or not squad.members:
            strangers.append(f"{squad_id} 不存在，或还没有队员")
        else:
            found.append(squad)
    if strangers:
        raise InvalidInputError("有的队伍叫不到", {field: strangers})
    return tuple(found)


def may_see_squad(who: Principal, squad: Squad) -> bool:
    """Their own region's, those below, and those of the regions around it: these come when called, too."""
    return who.oversees(squad.region) or (who.is_overseer and lies_within(who.scope or "", squad.region))
