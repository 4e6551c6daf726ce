"""吹哨报到: an overseer calls units, they report in, somebody proposes that it is done, the caller closes or vetoes."""

import builtins
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from matcher.dispatch.context import Context, narrowed
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.whistle import telling
from matcher.dispatch.whistle.blowing import Blow, made
from matcher.dispatch.whistle.calling import units_to_call
from matcher.dispatch.whistle.clock import stop_clock
from matcher.dispatch.whistle.sight import WhistleFile, cut, happened, require_caller, unit_meant, visible_whistle
from matcher.dispatch.whistle.starting import begin
from models.account import Principal, ProviderRef
from models.called_unit import Rating
from models.errors import InvalidInputError
from models.place import COMMUNITY_LENGTH
from models.provider import Provider
from models.whistle import Whistle, WhistleFilter, ratings_of
from models.whistle_states import UnitStatus

Act = Callable[[UnitPort, Whistle, datetime], Awaitable[Whistle]]


class Whistles:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def blow(self, who: Principal, blow: Blow) -> Whistle:
        at = self._context.now()

        async def work(unit: UnitPort) -> Whistle:
            whistle = await made(self._context, unit, who, blow, at)
            await begin(self._context, unit, who, whistle)
            return whistle

        return await self._context.store.transact(work)

    async def units_to_call(self, who: Principal, region: str) -> builtins.list[Provider]:
        """The organisations and party members that may be called to a region of the caller's."""
        self._context.regions.require(region)
        if not who.oversees(region):
            raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})
        return await units_to_call(self._context.store, who, region)

    async def get(self, who: Principal, whistle_id: str) -> WhistleFile:
        whistle = await visible_whistle(self._context.store, who, whistle_id)
        events = await self._context.store.events.of_subject(f"whistle:{whistle.id}")
        return cut(who, whistle, events)

    async def phones(self, who: Principal, whistle: Whistle) -> dict[ProviderRef, str]:
        """For who oversees the place: whom to ring, of the units that have not come while it is not closed."""
        if not (who.oversees(whistle.region) and whistle.is_unfinished):
            return {}
        awaited = [each.unit.ref for each in whistle.units if not each.came]
        found = [await self._context.store.providers.get(ref) for ref in awaited]
        return {each.ref: each.contact.phone for each in found if each is not None and each.contact.phone}

    async def list(self, who: Principal, wanted: WhistleFilter, limit: int, before: str | None) -> list[WhistleFile]:
        """Overseers list their region's; a unit those that it was called by."""
        if who.is_overseer:
            scoped = replace(wanted, region=narrowed(who.scope, wanted.region))
        elif who.provider is not None:
            # A finer region would tell by what it finds what a unit reads only when it has come.
            scoped = replace(wanted, unit=who.provider, region=wanted.region[:COMMUNITY_LENGTH] if wanted.region else None)
        else:
            return []
        found = await self._context.store.whistles.list(scoped, limit, before)
        return [cut(who, whistle, []) for whistle in found]

    async def report_in(self, who: Principal, whistle_id: str, ref: ProviderRef | None) -> Whistle:
        async def act(unit: UnitPort, whistle: Whistle, at: datetime) -> Whistle:
            own = unit_meant(who, ref)
            whistle = whistle.reported(own, at)
            each = whistle.require(own)
            await stop_clock(unit, whistle, own)
            action = "whistle.late" if each.status == UnitStatus.LATE else "whistle.reported"
            await happened(self._context, unit, who, whistle, action, own)
            await unit.outbox.add(*telling.tell_reported(self._context, whistle, each))
            return whistle

        return await self._on(who, whistle_id, act)

    async def propose(self, who: Principal, whistle_id: str, ref: ProviderRef | None, summary: str) -> Whistle:
        async def act(unit: UnitPort, whistle: Whistle, at: datetime) -> Whistle:
            own = unit_meant(who, ref)
            whistle = whistle.proposed(own, summary, at)
            assert whistle.proposal is not None
            await happened(self._context, unit, who, whistle, "whistle.proposed", own, why=summary)
            await unit.outbox.add(*telling.tell_proposed(self._context, whistle, whistle.proposal))
            return whistle

        return await self._on(who, whistle_id, act)

    async def veto(self, who: Principal, whistle_id: str, reason: str) -> Whistle:
        async def act(unit: UnitPort, whistle: Whistle, at: datetime) -> Whistle:
            require_caller(who, whistle)
            whistle = whistle.vetoed(who, reason, at)
            await happened(self._context, unit, who, whistle, "whistle.vetoed", why=reason)
            await unit.outbox.add(*telling.tell_vetoed(self._context, whistle, whistle.vetoes[-1]))
            return whistle

        return await self._on(who, whistle_id, act)

    async def close(
        self,
        who: Principal,
        whistle_id: str,
        summary: str,
        by_unit: Mapping[ProviderRef, Rating],
        by_squad: Mapping[str, Rating],
    ) -> Whistle:
        async def act(unit: UnitPort, whistle: Whistle, at: datetime) -> Whistle:
            require_caller(who, whistle)
            whistle = whistle.closed(summary, ratings_of(whistle, by_unit, by_squad), at)
            for each in whistle.units:
                await stop_clock(unit, whistle, each.unit.ref)
            await happened(self._context, unit, who, whistle, "whistle.closed", why=summary)
            await unit.outbox.add(*telling.tell_closed(self._context, whistle, who))
            return whistle

        return await self._on(who, whistle_id, act)

    async def _on(self, who: Principal, whistle_id: str, act: Act) -> Whistle:
        at = self._context.now()

        async def work(unit: UnitPort) -> Whistle:
            await visible_whistle(unit, who, whistle_id)
            held = await unit.whistles.hold(whistle_id)
            assert held is not None
            whistle = await act(unit, held, at)
            await unit.whistles.replace(whistle)
            return whistle

        return await self._context.store.transact(work)
