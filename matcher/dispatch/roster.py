"""Who is there to help: providers register, change and leave; their free words are mapped to service items as they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from matcher.dispatch.context import DISTRICT_DIGITS, Context, may_see_provider, narrowed
from matcher.dispatch.ports import UnitPort
from models.account import Principal, ProviderRef
from models.errors import DuplicateError, InvalidInputError, NotFoundError, StaleVersionError, StillInUseError
from models.event import event_of
from models.provider import Provider, ProviderFilter
from models.provider_entities import ENTITIES
from models.vocabulary import ProviderKind, label


class Roster:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def register(self, who: Principal, kind: ProviderKind, profile: Mapping[str, Any]) -> Provider:
        """`profile` holds the entity's own fields, already checked for form. A provider registers themself, once; overseers register others."""
        context = self._context
        self._check_regions(who, profile)
        if who.is_provider and who.provider is not None:
            raise DuplicateError("您已经登记过资料，可以直接修改")
        at = context.now()
        provider = context.understander.mapped(
            ENTITIES[kind](
                id=context.store.new_id(),
                kind=kind,
                created_at=at,
                changed_at=at,
                account_id=who.account_id if who.is_provider else None,
                **profile,
            )
        )
        event = event_of(who, "provider.created", at, str(provider.ref), id=context.store.new_id())

        async def work(unit: UnitPort) -> None:
            await unit.providers.add(provider)
            await unit.events.add(event)
            if who.is_provider:
                await unit.accounts.link_provider(who.account_id, provider.ref)

        await context.store.transact(work)
        context.columns.put(provider)
        return provider

    async def get(self, who: Principal, ref: ProviderRef) -> Provider:
        provider = await self._context.store.providers.get(ref)
        if provider is None or not may_see_provider(who, provider):
            raise NotFoundError(f"没有这位{label(ref.kind)}")
        return provider

    async def name_of(self, ref: ProviderRef | None) -> str | None:
        """Who knows somebody's number, which nobody guesses, may know their name: a substitute is named by it."""
        provider = await self._context.store.providers.get(ref) if ref else None
        return provider.name if provider else None

    async def stand_in(self, provider: Provider, said: str) -> ProviderRef | None:
        """Whom a provider means by a name, a telephone number or a number of ours, in their own district; None for an empty text.
        Only whole names and numbers count: nobody learns who there is. Raises InvalidInputError for `substitute`."""
        if not said:
            return None
        found = [each.ref for each in await self._meant(said, provider.region[:DISTRICT_DIGITS]) if each.ref != provider.ref]
        if len(found) == 1:
            return found[0]
        why = f"有几位都叫“{said}”，请改填电话" if found else "附近没有叫这个名字、用这个电话的人，请核对；也不能是自己"
        raise InvalidInputError("没有认出代班人", {"substitute": [why]})

    async def _meant(self, said: str, district: str) -> Sequence[Provider]:
        providers = self._context.store.providers
        kind, _, id = said.partition(":")
        if kind in set(ProviderKind):
            known = await providers.get(ProviderRef(ProviderKind(kind), id))
            return [known] if known else []
        return await providers.called(said, district, 2)

    async def list(
        self, who: Principal, kind: ProviderKind, wanted: ProviderFilter, limit: int, after: str | None
    ) -> list[Provider]:
        """Overseers list their region; a provider's list holds their own profile at most."""
        region = narrowed(who.scope, wanted.region) if who.is_overseer else wanted.region
        own = None if who.is_overseer else who.account_id
        scoped = replace(wanted, region=region, account_id=own)
        return await self._context.store.providers.list(kind, scoped, limit, after)

    async def change(self, who: Principal, ref: ProviderRef, version: int, changes: Mapping[str, Any]) -> Provider:
        before = await self.get(who, ref)
        if before.version != version:
            raise StaleVersionError("资料已被别人修改，请重新读取后再改", present_version=before.version)
        self._check_regions(who, changes)
        at = self._context.now()
        after = replace(before, **changes, version=version + 1, changed_at=at)
        if "skills" in changes or "bio" in changes:
            after = self._context.understander.mapped(after)
        event = event_of(
            who, "provider.changed", at, str(ref), id=self._context.store.new_id(), facts={"fields": sorted(changes)}
        )

        async def work(unit: UnitPort) -> Provider:
            await unit.providers.replace(after, version)
            await unit.events.add(event)
            return await unit.providers.get(ref) or after

        changed = await self._context.store.transact(work)
        self._context.columns.put(changed)
        return changed

    async def delete(self, who: Principal, ref: ProviderRef) -> None:
        """Refused while an order of theirs, or a whistle that called them, is unfinished: somebody is waiting for it."""
        await self.get(who, ref)
        at = self._context.now()
        event = event_of(who, "provider.deleted", at, str(ref), id=self._context.store.new_id())

        async def work(unit: UnitPort) -> None:
            whistle = await unit.whistles.unfinished_of(ref)
            if whistle is not None:
                whistle.require_may_leave(ref)
            if await unit.orders.has_open(ref) or not await unit.providers.delete(ref):
                raise StillInUseError("还有未完成的工单，不能删除资料")
            await unit.accounts.unlink_provider(ref)
            await unit.squads.remove_member(ref)
            await unit.registrations.delete_of(ref)
            await unit.events.add(event)

        await self._context.store.transact(work)
        self._context.columns.remove(ref)

    def _check_regions(self, who: Principal, profile: Mapping[str, Any]) -> None:
        region = profile.get("region")
        if region is not None:
            self._context.regions.require(region)
            if who.is_overseer and not who.oversees(region):
                raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})
        for code in profile.get("service_regions", ()):
            self._context.regions.require(code, "service_regions")
