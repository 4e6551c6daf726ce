"""Who could meet a need: the ranking as a use case, for a stored need or for words that are kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.dispatch.context import Context, served_before, visible_need, weights_for, weights_named
from matcher.ranking.explain import reason
from matcher.ranking.query import Query, View, make_query, query_of
from matcher.ranking.ranker import Candidate, Contribution, rank
from matcher.ranking.why import NearestMiss, nearest_misses, standing_of
from matcher.understanding.understander import Stated
from models.account import Principal, ProviderRef
from models.errors import NotFoundError
from models.need import Need
from models.place import Point
from models.provider import ServiceConfidence
from models.understanding import Understanding
from models.vocabulary import ProviderKind
from models.weights import Weights

AWAY = "away"


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    ref: ProviderRef
    name: str
    score: float
    contributions: Mapping[str, Contribution]
    distance_km: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class ExplainedStanding:
    """The answer to "why X": their place among the eligible, or what they lack; while they are away, who would be asked for them."""

    candidate: ExplainedCandidate
    place: int | None
    lacking: Mapping[str, str]
    substitute: "ExplainedStanding | None" = None


def stood_in_for(absent: ExplainedStanding, substitute: ExplainedStanding) -> ExplainedStanding:
    """Says in words what dispatch does when the absent one is named."""
    name = substitute.candidate.name
    if substitute.lacking:
        instead = f"代班的{name}也不能派：{'；'.join(each.removeprefix('还差：') for each in substitute.lacking.values())}"
    else:
        instead = f"点名派单时由{name}代班，按排序在第 {substitute.place} 位"
    return replace(absent, lacking={**absent.lacking, AWAY: f"{absent.lacking[AWAY]}；{instead}"}, substitute=substitute)


@dataclass(frozen=True, slots=True)
class CandidateList:
    """`excluded` counts by rule; `eligible` is how many passed every rule, of which the list shows the best.

    Among very many providers these are not counted unless asked for or the list is not full: then `eligible` is None.

    `nearest_misses` is told only when nobody is eligible: for each rule the best of those whom it alone keeps out.
    """

    candidates: tuple[ExplainedCandidate, ...]
    eligible: int | None
    excluded: Mapping[str, int]
    weights: Weights
    nearest_misses: Mapping[str, NearestMiss]
    why: ExplainedStanding | None = None


@dataclass(frozen=True, slots=True)
class RankingRequest:
    text: str
    region: str
    limit: int
    point: Point | None = None
    kinds: frozenset[ProviderKind] = frozenset(ProviderKind)


class RankingDesk:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def candidates_of(
        self,
        who: Principal,
        need_id: str,
        limit: int,
        weights_name: str | None,
        why: ProviderRef | None = None,
        *,
        kind: ProviderKind | None = None,
        counts: bool = False,
    ) -> CandidateList:
        """Without a `weights_name` the profile that applies to the need ranks; the answer names it. `kind` lists one kind only; the
        answer to `why` looks at all."""
        need = await visible_need(self._context.store, who, need_id)
        weights = await self._weights(weights_name, need.region, need.understanding.services)
        query = await self._query(need)
        asked = query if kind is None else replace(query, kinds=query.kinds & {kind})
        found = self._ranked(asked, weights, limit, counts=counts)
        return found if why is None else replace(found, why=await self._standing(why, query, weights))

    async def rank_text(self, request: RankingRequest) -> tuple[Understanding, CandidateList]:
        """Nothing is stored."""
        self._context.regions.require(request.region)
        at = self._context.now()
        understanding = self._context.understand(request.text, request.region, Stated(), at)
        query = make_query(
            self._context.catalogue,
            self._context.regions,
            at=at,
            region=request.region,
            point=request.point,
            services=understanding.services,
            terms=understanding.terms,
            window=understanding.window,
            constraints=understanding.constraints,
            kinds=request.kinds,
            urgency=understanding.urgency,
        )
        return understanding, self._ranked(query, await self._weights(None, request.region, query.services), request.limit)

    async def _weights(self, name: str | None, region: str, services: Sequence[ServiceConfidence]) -> Weights:
        store = self._context.store
        return await (weights_named(store, name) if name else weights_for(self._context, store, region, services))

    async def _query(self, need: Need) -> Query:
        context = self._context
        orders = await context.store.orders.of_need(need.id)
        known = await served_before(context.store, need)
        asked = tuple(order.provider.ref for order in orders if order.round == need.round)
        return query_of(need, context.catalogue, context.regions, asked, at=context.now(), known=known)

    def _ranked(self, query: Query, weights: Weights, limit: int, *, counts: bool = False) -> CandidateList:
        context = self._context
        ranking = rank(query, context.columns, context.catalogue, weights, limit)
        explained = tuple(self._explained(each, ranking.view) for each in ranking.candidates)
        if not (counts or ranking.counted or len(explained) < limit):
            return CandidateList(explained, None, {}, weights, {})
        misses = {} if ranking.eligible else nearest_misses(query, context.columns, context.catalogue, weights)
        return CandidateList(explained, ranking.eligible, ranking.excluded, weights, misses)

    async def _standing(self, ref: ProviderRef, query: Query, weights: Weights) -> ExplainedStanding:
        standing = self._place(ref, query, weights)
        if standing is None:
            raise NotFoundError("没有这个承接方")
        provider = await self._context.store.providers.get(ref) if AWAY in standing.lacking else None
        if provider is None or provider.substitute is None:
            return standing
        substitute = self._place(provider.substitute, query, weights)
        return standing if substitute is None else stood_in_for(standing, substitute)

    def _place(self, ref: ProviderRef, query: Query, weights: Weights) -> ExplainedStanding | None:
        context = self._context
        found = standing_of(ref, query, context.columns, context.catalogue, weights)
        return ExplainedStanding(self._explained(found.candidate, found.view), found.place, found.lacking) if found else None

    def _explained(self, each: Candidate, view: View) -> ExplainedCandidate:
        sentence = reason(each, view, self._context.catalogue)
        return ExplainedCandidate(each.ref, each.name, each.score, each.contributions, each.distance_km, sentence)
