"""队伍: overseers put work teams and emergency squads together."""

import builtins
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from matcher.dispatch.context import Context, narrowed
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.whistle.calling import callable_units, may_see_squad
from models.account import NOWHERE, Principal, ProviderRef
from models.errors import InvalidInputError, NotFoundError, StaleVersionError
from models.event import Event, event_of
from models.squad import Squad, SquadKind

MOST_SQUADS = 50


class Squads:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def create(self, who: Principal, name: str, kind: SquadKind, region: str, members: tuple[ProviderRef, ...]) -> Squad:
        self._context.regions.require(region)
        if not who.oversees(region):
            raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})
        at, squad_id = self._context.now(), self._context.store.new_id()

        async def work(unit: UnitPort) -> Squad:
            called = await callable_units(unit, who, region, members, "members")
            squad = Squad(id=squad_id, name=name, kind=kind, region=region, members=called, created_at=at, changed_at=at)
            await unit.squads.add(squad)
            await unit.events.add(self._event(who, squad, "squad.created", {"members": len(called)}))
            return squad

        return await self._context.store.transact(work)

    async def get(self, who: Principal, squad_id: str) -> Squad:
        squad = await self._context.store.squads.get(squad_id)
        if squad is None or not may_see_squad(who, squad):
            raise NotFoundError("没有这支队伍")
        return squad

    async def list(self, who: Principal, region: str | None, limit: int, after: str | None) -> list[Squad]:
        """Of the caller's region, of those below and of those around it."""
        scope = narrowed(who.scope, region)
        return [] if scope == NOWHERE else await self._context.store.squads.list(scope, limit, after)

    async def mine(self, who: Principal) -> builtins.list[Squad]:
        """Those that the caller is called with; a provider is told of them, and changes none."""
        return await self._context.store.squads.of_member(who.provider, MOST_SQUADS) if who.provider else []

    async def change(self, who: Principal, squad_id: str, version: int, changes: Mapping[str, Any]) -> Squad:
        """`changes` holds `name`, `kind` and `members`, each or none."""
        at = self._context.now()

        async def work(unit: UnitPort) -> Squad:
            before = await self._own(unit, who, squad_id)
            if before.version != version:
                raise StaleVersionError("队伍已被别人修改，请重新读取后再改", present_version=before.version)
            told = dict(changes)
            if "members" in told:
                told["members"] = await callable_units(unit, who, before.region, told["members"], "members")
            after = replace(before, **told, version=version + 1, changed_at=at)
            await unit.squads.replace(after, version)
            await unit.events.add(self._event(who, after, "squad.changed", {"fields": sorted(changes)}))
            return after

        return await self._context.store.transact(work)

    async def delete(self, who: Principal, squad_id: str) -> None:
        """Who was called as its member stays called."""

        async def work(unit: UnitPort) -> None:
            squad = await self._own(unit, who, squad_id)
            await unit.squads.delete(squad.id)
            await unit.events.add(self._event(who, squad, "squad.deleted", {"name": squad.name}))

        await self._context.store.transact(work)

    async def _own(self, unit: UnitPort, who: Principal, squad_id: str) -> Squad:
        squad = await unit.squads.get(squad_id)
        if squad is None or not who.oversees(squad.region):
            raise NotFoundError("没有这支队伍")
        return squad

    def _event(self, who: Principal, squad: Squad, action: str, facts: Mapping[str, Any]) -> Event:
        return event_of(who, action, self._context.now(), f"squad:{squad.id}", id=self._context.store.new_id(), facts=facts)
