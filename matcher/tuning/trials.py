"""试算与学习 as use cases: an administrator sees what other weights would have done, and what the answers of providers suggest."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matcher.dispatch.context import Context, weights_named
from matcher.ranking.columns import Values
from matcher.tuning.outcomes import Outcome, answers_of, outcomes_of
from matcher.tuning.preview import Preview, preview
from matcher.tuning.profiles import require_sensible
from matcher.tuning.proposal import Learned, learn
from matcher.tuning.replay import present_shares, scene_of, shares_of
from matcher.tuning.sharing import Sharing
from models.account import Principal, ProviderRef
from models.decision import Decision
from models.need import Need
from models.need_filter import NeedFilter
from models.vocabulary import ProviderKind
from models.weights import Weights

# So many documents are read between two turns of the event loop.
BATCH = 200
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Span:
    since: datetime | None
    limit: int


@dataclass(frozen=True, slots=True)
class Words:
    """What an example needs to be read: the needs' texts without their digits, and the providers' present names."""

    texts: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PreviewReport:
    weights: Weights
    proposed: Values
    preview: Preview
    words: Words


@dataclass(frozen=True, slots=True)
class LearnReport:
    weights: Weights
    learned: Learned
    words: Words


class Trials:
    """Both read only what the administrator oversees, and change nothing."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._learning: Sharing[LearnReport] = Sharing()

    async def preview(self, who: Principal, name: str, criteria: Mapping[str, float], span: Span) -> PreviewReport:
        require_sensible(criteria)
        weights = await weights_named(self._context.store, name)
        decisions, outcomes = await self._past(who, name, span)
        present, proposed = present_shares(weights), shares_of(criteria)

        def reckon() -> Preview:
            scenes = [scene_of(each) for each in decisions]
            return preview(scenes, present, proposed, [answers_of(scene, outcomes) for scene in scenes])

        found = await asyncio.to_thread(reckon)
        return PreviewReport(weights, proposed, found, await self._words(found))

    async def learn(self, who: Principal, name: str, span: Span) -> LearnReport:
        """Some seconds of one core for 5 000 offers, beside the event loop; who asks for the same meanwhile waits for the same report."""
        weights = await weights_named(self._context.store, name)
        asked = (name, weights.version, who.scope, span)
        return await self._learning.of(asked, lambda: self._learn(who, weights, span))

    async def _learn(self, who: Principal, weights: Weights, span: Span) -> LearnReport:
        decisions, outcomes = await self._past(who, weights.name, span)
        present = present_shares(weights)
        learned = await asyncio.to_thread(lambda: learn([scene_of(each) for each in decisions], outcomes, present))
        words = await self._words(learned.proposal.preview) if learned.proposal else Words({}, {})
        return LearnReport(weights, learned, words)

    async def _past(self, who: Principal, name: str, span: Span) -> tuple[list[Decision], dict[str, Outcome]]:
        store = self._context.store
        decisions = await store.decisions.list(name, who.scope, span.since, span.limit)
        orders, needs = [], {}
        for ids in _batches(sorted({each.need_id for each in decisions})):
            orders += await store.orders.of_needs(ids)
            needs.update(await self._needs(ids))
        return decisions, outcomes_of(orders, needs)

    async def _needs(self, ids: Sequence[str]) -> dict[str, Need]:
        found = await self._context.store.needs.list(NeedFilter(ids=tuple(ids)), len(ids), None)
        return {need.id: need for need in found}

    async def _words(self, found: Preview) -> Words:
        shown = [(each.scene.decision, row) for each in found.examples for row in (each.before.row, each.after.row)]
        needs = await self._needs(sorted({decision.need_id for decision, _ in shown})) if shown else {}
        names = {decision.refs[row]: self._name(decision.refs[row]) for decision, row in shown}
        return Words({id: masked(need.text) for id, need in needs.items()}, names)

    def _name(self, ref: str) -> str:
        kind, _, id = ref.partition(":")
        row = self._context.columns.row_of.get(ProviderRef(ProviderKind(kind), id))
        return "（已不在册）" if row is None else self._context.columns.name_at(row)


def masked(text: str) -> str:
    """Phone numbers, door numbers and the like are nobody's business here."""
    return re.sub(r"\d", "*", text)[:LONGEST_TEXT]


def _batches(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
