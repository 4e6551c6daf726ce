"""双报到: units and party members register with communities, which may call them from then on."""

from dataclasses import replace

from matcher.dispatch.context import Context, may_see_provider, narrowed
from matcher.dispatch.ports import UnitPort
from models.account import Principal, ProviderRef
from models.errors import InvalidInputError, NotFoundError
from models.event import Event, event_of
from models.organisation import Organisation
from models.place import COMMUNITY_LENGTH
from models.provider import Provider, ProviderSummary
from models.registration import Registration, RegistrationFilter, RegistrationKind
from models.volunteer import Volunteer


class Registering:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def register(self, who: Principal, ref: ProviderRef | None, community: str, kind: RegistrationKind) -> Registration:
        """A unit or party member registers itself with any community; an overseer registers those of their region with theirs."""
        self._check_community(who, community)
        at, id = self._context.now(), self._context.store.new_id()

        async def work(unit: UnitPort) -> Registration:
            provider = await _provider_meant(unit, who, ref)
            named = ProviderSummary(provider.kind, provider.id, provider.name)
            made = Registration(id=id, provider=named, community=community, kind=kind, since=at)
            await unit.registrations.add(made)
            await unit.events.add(self._event(who, made, "registration.added"))
            return made

        return await self._context.store.transact(work)

    async def remove(self, who: Principal, registration_id: str) -> None:
        async def work(unit: UnitPort) -> None:
            found = await unit.registrations.get(registration_id)
            if found is None or not (who.is_self(found.provider.ref) or who.oversees(found.community)):
                raise NotFoundError("没有这条报到登记")
            await unit.registrations.delete(found.id)
            await unit.events.add(self._event(who, found, "registration.removed"))

        await self._context.store.transact(work)

    async def list(self, who: Principal, wanted: RegistrationFilter, limit: int, after: str | None) -> list[Registration]:
        """Overseers list those of their communities, the others their own."""
        if who.is_overseer:
            scoped = replace(wanted, community=narrowed(who.scope, wanted.community))
        elif who.provider is not None:
            scoped = replace(wanted, provider=who.provider)
        else:
            return []
        return await self._context.store.registrations.list(scoped, limit, after)

    def _check_community(self, who: Principal, community: str) -> None:
        self._context.regions.require(community, "community")
        if len(community) != COMMUNITY_LENGTH:
            raise InvalidInputError("只能向社区报到", {"community": ["应当是社区的代码"]})
        if who.is_overseer and not who.oversees(community):
            raise InvalidInputError("不在您负责的辖区内", {"community": ["不在您负责的辖区内"]})

    def _event(self, who: Principal, registration: Registration, action: str) -> Event:
        return event_of(
            who,
            action,
            self._context.now(),
            str(registration.provider.ref),
            id=self._context.store.new_id(),
            facts={"community": registration.community, "kind": registration.kind},
        )


async def _provider_meant(unit: UnitPort, who: Principal, ref: ProviderRef | None) -> Provider:
    if who.is_provider and ref not in (None, who.provider):
        raise InvalidInputError("只能为自己报到", {"provider": ["只能为自己报到"]})
    wanted = who.provider if who.is_provider else ref
    if wanted is None:
        raise InvalidInputError("请说明为谁登记", {"provider": ["先登记自己的资料" if who.is_provider else "必须填写"]})
    provider = await unit.providers.get(wanted)
    if provider is None or not may_see_provider(who, provider):
        raise InvalidInputError("没有这个单位或党员", {"provider": ["没有这个单位或党员"]})
    if not (isinstance(provider, Organisation) or (isinstance(provider, Volunteer) and provider.party_member)):
        raise InvalidInputError("双报到由单位和党员办理", {"provider": ["不是单位，也不是党员"]})
    return provider
