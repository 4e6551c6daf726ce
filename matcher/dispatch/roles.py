"""A team's roles: who fits one, and what the need asks of whoever takes it."""

from dataclasses import replace

from matcher.catalogue import Catalogue
from models.dispatching import TeamRole
from models.need import Need
from models.provider import Provider, ServiceConfidence
from models.social_worker import SocialWorker
from models.vocabulary import Credential, ProviderKind
from models.volunteer import Volunteer

# 暖心服务队, the team that is meant when no roles are named.
WARM_HEART = (
    TeamRole(name="党员志愿者", kind=ProviderKind.VOLUNTEER, party_member=True),
    TeamRole(name="社工", kind=ProviderKind.SOCIAL_WORKER),
    TeamRole(name="心理咨询", service="counselling"),
)


def fits(provider: Provider, role: TeamRole | None) -> bool:
    if role is None:
        return True
    if role.kind is not None and provider.kind != role.kind:
        return False
    if role.party_member and not (isinstance(provider, Volunteer) and provider.party_member):
        return False
    if role.credential == Credential.NONE:
        return True
    return isinstance(provider, SocialWorker) and provider.credential.rank >= role.credential.rank


def role_need(need: Need, role: TeamRole | None, catalogue: Catalogue) -> Need:
    """The need as the rules are to read it for this role: its own service item, or, where the role names none, nobody's skill."""
    if role is None:
        return need
    item = catalogue.get(role.service) if role.service else None
    services = (ServiceConfidence(item.code, 1.0),) if item else ()
    return replace(need, understanding=replace(need.understanding, services=services))
