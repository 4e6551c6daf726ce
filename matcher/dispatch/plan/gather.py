"""From stored needs to a problem in numbers: the best candidates of each, and when those who have work are busy."""

import asyncio
from dataclasses import dataclass, replace

import numpy as np

from matcher.dispatch.context import Context, served_before, weights_for
from matcher.dispatch.plan.problem import Problem
from matcher.ranking.query import query_of
from matcher.ranking.ranker import Candidate, rank
from models.account import ProviderRef
from models.need import Need
from models.need_filter import NeedFilter
from models.schedule import Window
from models.weights import Weights

# Sparse on purpose: the fifty best of each need; who stands lower would be chosen only where fifty others are gone.
BEST = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """A need's best candidates, those who are busy then left out; `eligible` and `excluded` as the ranking told them.

    `weights` is the profile that applies to it. Among very many providers a need that has BEST candidates is not
    counted further: `eligible` is then the least that is sure.
    """

    need: Need
    candidates: tuple[Candidate, ...]
    eligible: int
    excluded: dict[str, int]
    weights: Weights


async def rank_needs(context: Context, needs: list[Need]) -> list[Ranked]:
    """In the order of the needs, each by the profile that applies to it: all scores lie in [0, 1] and may be summed.
    Other calls get their turn after each need: ranking keeps the event loop for milliseconds."""
    asked: dict[str, list[ProviderRef]] = {need.id: [] for need in needs}
    for order in await context.store.orders.of_needs(list(asked)):
        asked[order.need_id].append(order.provider.ref)
    ranked, at = [], context.now()
    profiles: dict[tuple[str, str | None], Weights] = {}
    for need in needs:
        known = await served_before(context.store, need)
        query = query_of(need, context.catalogue, context.regions, tuple(asked[need.id]), at=at, known=known)
        weights = await _profile(context, need, profiles)
        found = rank(query, context.columns, context.catalogue, weights, BEST)
        told = found.counted or len(found.candidates) < BEST
        eligible, excluded = (found.eligible, dict(found.excluded)) if told else (BEST, {})
        ranked.append(Ranked(need, found.candidates, eligible, excluded, weights))
        await asyncio.sleep(0)
    return await _without_the_busy(context, ranked)


async def _profile(context: Context, need: Need, known: dict[tuple[str, str | None], Weights]) -> Weights:
    services = need.understanding.services
    scope = need.region, context.catalogue.group_of(services)
    if scope not in known:
        known[scope] = await weights_for(context, context.store, need.region, services)
    return known[scope]


async def _without_the_busy(context: Context, ranked: list[Ranked]) -> list[Ranked]:
    """Who has accepted to be elsewhere at that time is no candidate."""
    at_a_time = [each for each in ranked if each.need.window is not None]
    working = {each.ref for one in at_a_time for each in one.candidates if each.load}
    busy = await _commitments(context, working)
    return [
        replace(one, candidates=tuple(each for each in one.candidates if is_free(one.need.window, busy.get(each.ref, []))))
        for one in ranked
    ]


def is_free(window: Window | None, busy: list[Window]) -> bool:
    return window is None or not any(each.from_at < window.to_at and window.from_at < each.to_at for each in busy)


async def _commitments(context: Context, refs: set[ProviderRef]) -> dict[ProviderRef, list[Window]]:
    orders = await context.store.orders.taken_by(refs)
    needs = await _needs_of(context, {order.need_id for order in orders})
    windows = {need.id: need.window for need in needs}
    busy: dict[ProviderRef, list[Window]] = {}
    for order in orders:
        if (window := windows.get(order.need_id)) is not None:
            busy.setdefault(order.provider.ref, []).append(window)
    return busy


async def _needs_of(context: Context, ids: set[str]) -> list[Need]:
    return await context.store.needs.list(NeedFilter(ids=tuple(ids)), len(ids), None) if ids else []


def problem_of(context: Context, ranked: list[Ranked]) -> tuple[Problem, list[ProviderRef]]:
    """The providers in the order of the problem's numbers."""
    number: dict[ProviderRef, int] = {}
    room: list[int] = []
    need, provider, score = [], [], []
    for place, one in enumerate(ranked):
        for each in one.candidates:
            if each.ref not in number:
                number[each.ref] = len(number)
                room.append(each.room)
            need.append(place)
            provider.append(number[each.ref])
            score.append(max(each.score, 1e-6))
    windows = [one.need.window for one in ranked]
    problem = Problem(
        places=np.asarray([one.need.places_left - one.need.offers_open for one in ranked], dtype=np.intp),
        room=np.asarray(room, dtype=np.intp),
        start=np.asarray([window.from_at.timestamp() if window else np.nan for window in windows]),
        end=np.asarray([window.to_at.timestamp() if window else np.nan for window in windows]),
        need=np.asarray(need, dtype=np.intp),
        provider=np.asarray(provider, dtype=np.intp),
        score=np.asarray(score, dtype=np.float64),
    )
    return problem, list(number)
