"""Finding a provider by name: among those whom the person at the desk may see, and those who could come from around."""

from dataclasses import dataclass

from api.console.routing import Visit
from models.account import ProviderRef
from models.provider import Provider, ProviderFilter
from models.vocabulary import ProviderKind, label

MOST_FOUND = 5
# So many of the best are looked through for a name: who stands lower is not dispatched by name from the next community.
MOST_AROUND = 200


@dataclass(frozen=True, slots=True)
class Found:
    """`about` is who it is, in a line."""

    ref: ProviderRef
    name: str
    about: str


async def found_by_name(visit: Visit, need_id: str, text: str) -> list[Found]:
    """Some of each kind of one's own region, then candidates of this need who belong elsewhere."""
    wanted = ProviderFilter(text=text)
    own = [each for kind in ProviderKind for each in await visit.desk.roster.list(visit.who, kind, wanted, MOST_FOUND, None)]
    ranked = await visit.desk.ranking.candidates_of(visit.who, need_id, MOST_AROUND, None)
    known = {each.ref for each in own}
    around = [
        Found(each.ref, each.name, f"{label(each.ref.kind)}，不在您的辖区，排在第 {place} 位")
        for place, each in enumerate(ranked.candidates, 1)
        if text in each.name and each.ref not in known
    ]
    return [*(Found(each.ref, each.name, _about(each)) for each in own), *around[:MOST_FOUND]]


def _about(provider: Provider) -> str:
    skills = "、".join(provider.skills[:3])
    return f"{label(provider.kind)}，{skills}" if skills else label(provider.kind)
