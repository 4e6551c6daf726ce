"""Finding a provider by name, among those whom the person at the desk may see."""

from api.console.routing import Visit
from models.provider import Provider, ProviderFilter
from models.vocabulary import ProviderKind, label

MOST_FOUND = 5


async def search_providers(visit: Visit, text: str) -> list[Provider]:
    """Some of each kind."""
    wanted = ProviderFilter(text=text)
    return [each for kind in ProviderKind for each in await visit.desk.roster.list(visit.who, kind, wanted, MOST_FOUND, None)]


def provider_found(provider: Provider) -> str:
    """Who it is, in a line."""
    skills = "、".join(provider.skills[:3])
    return f"{label(provider.kind)}，{skills}" if skills else label(provider.kind)
