"""Whom to ask next: down the ranking or a given list, past those who were asked, and past those whom the database refuses."""

from dataclasses import dataclass, field

from matcher.dispatch.case import Case
from matcher.dispatch.context import served_before, weights_for
from matcher.dispatch.making import broken_rule, is_asked, present
from matcher.dispatch.roles import fits, role_need
from matcher.ranking.query import query_of
from matcher.ranking.ranker import Ranking, rank
from models.account import ProviderRef
from models.dispatching import Dispatching, TeamRole
from models.order import SERVING, OrderStatus
from models.provider import Provider
from models.vocabulary import ProviderKind

# The columns are behind by moments only: among so many the first that the database agrees to is found.
LOOK_AT = 30


@dataclass(frozen=True, slots=True)
class Found:
    """`excluded` counts by rule when nobody was found; `queue` is what is left of a given list."""

    provider: Provider | None
    excluded: dict[str, int] = field(default_factory=dict)
    queue: tuple[str, ...] = ()
    stands_in_for: str | None = None


def ref_of(text: str) -> ProviderRef:
    kind, _, id = text.partition(":")
    return ProviderRef(ProviderKind(kind), id)


async def next_of_list(case: Case, queue: tuple[str, ...]) -> Found:
    for at, text in enumerate(queue):
        named = await case.unit.providers.get(ref_of(text))
        if named is None:
            continue
        chosen = await present(case, named)
        if not is_asked(case, chosen.provider.ref) and fits_role(case, chosen.provider, None):
            return Found(chosen.provider, queue=queue[at + 1 :], stands_in_for=chosen.stands_in_for)
    return Found(None)


async def next_of_ranking(case: Case, plan: Dispatching, role: TeamRole | None) -> Found:
    """Those who served in an earlier round come only when there is nobody else."""
    earlier = _served_before(case)
    ranking = await ranked(case, role, (*_asked(case), *earlier))
    found = await _first_eligible(case, ranking, role)
    if found is None and earlier:
        found = await _first_eligible(case, await ranked(case, role, _asked(case)), role)
    return Found(found, dict(ranking.excluded) if found is None else {}, plan.queue)


async def ranked(case: Case, role: TeamRole | None, asked: tuple[ProviderRef, ...], limit: int = LOOK_AT) -> Ranking:
    context = case.context
    weights = await weights_for(context, case.unit, case.need.region, case.need.understanding.services)
    known = await served_before(case.unit, case.need)
    query = query_of(
        role_need(case.need, role, context.catalogue), context.catalogue, context.regions, asked, at=case.at, known=known
    )
    return rank(query, context.columns, context.catalogue, weights, limit)


async def _first_eligible(case: Case, ranking: Ranking, role: TeamRole | None) -> Provider | None:
    for candidate in ranking.candidates:
        provider = await case.unit.providers.get(candidate.ref)
        if provider is not None and fits_role(case, provider, role):
            return provider
    return None


def fits_role(case: Case, provider: Provider, role: TeamRole | None) -> bool:
    """Whether the provider, as the database has them, may take this role, or outside a team the need."""
    context = case.context
    need = role_need(case.need, role, context.catalogue)
    return fits(provider, role) and broken_rule(need, provider, context.catalogue, context.regions, case.at) is None


def _asked(case: Case) -> tuple[ProviderRef, ...]:
    return tuple(order.provider.ref for order in case.orders)


def _served_before(case: Case) -> tuple[ProviderRef, ...]:
    served = SERVING | {OrderStatus.HANDED_BACK}
    return tuple(order.provider.ref for order in case.all_orders if order.round < case.need.round and order.status in served)
