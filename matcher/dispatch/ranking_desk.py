"""Who could meet a need: the ranking as a use case, for a stored need or for words that are kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.dispatch.context import Context, visible_need
from matcher.ranking.explain import reason
from matcher.ranking.query import Query, make_query, query_of
from matcher.ranking.ranker import Contribution, rank
from matcher.understanding.understander import Stated
from models.account import Principal, ProviderRef
from models.errors import NotFoundError
from models.need import Need, Understanding
from models.place import Point
from models.vocabulary import ProviderKind
from models.weights import Weights


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    ref: ProviderRef
    name: str
    score: float
    contributions: Mapping[str, Contribution]
    distance_km: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateList:
    """`excluded` counts by rule; `eligible` is how many passed every rule, of which the list shows the best."""

    candidates: tuple[ExplainedCandidate, ...]
    eligible: int
    excluded: Mapping[str, int]
    weights: Weights


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

    async def candidates_of(self, who: Principal, need_id: str, limit: int, weights_name: str) -> CandidateList:
        need = await visible_need(self._context.store, who, need_id)
        weights = await self.weights(weights_name)
        return self._ranked(await self._query(need), weights, limit)

    async def rank_text(self, request: RankingRequest) -> tuple[Understanding, CandidateList]:
        """Nothing is stored."""
        self._context.regions.require(request.region)
        understanding = self._context.understander.understand(request.text, Stated(), self._context.now())
        query = make_query(
            self._context.catalogue,
            self._context.regions,
            region=request.region,
            point=request.point,
            services=understanding.services,
            window=understanding.window,
            kinds=request.kinds,
        )
        return understanding, self._ranked(query, await self.weights("default"), request.limit)

    async def weights(self, name: str) -> Weights:
        weights = await self._context.store.weights.get(name)
        if weights is None:
            raise NotFoundError(f"没有名为 {name} 的权重方案")
        return weights

    async def _query(self, need: Need) -> Query:
        orders = await self._context.store.orders.of_need(need.id)
        return query_of(need, self._context.catalogue, self._context.regions, tuple(order.provider.ref for order in orders))

    def _ranked(self, query: Query, weights: Weights, limit: int) -> CandidateList:
        context = self._context
        ranking = rank(query, context.columns, context.catalogue, weights, limit)
        explained = tuple(
            ExplainedCandidate(
                each.ref,
                each.name,
                each.score,
                each.contributions,
                each.distance_km,
                reason(each, ranking.view, context.catalogue),
            )
            for each in ranking.candidates
        )
        return CandidateList(explained, ranking.eligible, ranking.excluded, weights)
