"""事项清单 as administrators change it. Items are neither added nor removed here: models and columns are made for those there are."""

from dataclasses import replace

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.errors import ForbiddenError, InvalidInputError, NotFoundError, StaleVersionError
from models.event import event_of
from models.service_item import ItemChange, ServiceItem


class Cataloguing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def change(self, who: Principal, code: str, change: ItemChange) -> ServiceItem:
        """Counts at once here, and on the other workers within half a minute; needs that were understood already stay as they are."""
        if who.scope is not None:
            raise ForbiddenError("事项清单只由不限辖区的管理员修改")
        present = await self._context.store.catalogue.get(code)
        if present is None:
            raise NotFoundError("没有这个服务事项")
        if change.version != present.version:
            raise StaleVersionError("事项已被别人修改，请重新读取后再改", present_version=present.version)
        item = replace(present, **change.fields, group_name=self._group_name(change, present), version=present.version + 1)
        id, facts = self._context.store.new_id(), {"version": item.version, "changed": sorted(change.fields)}
        event = event_of(who, "catalogue.changed", self._context.now(), f"item:{code}", id=id, why=change.reason, facts=facts)

        async def work(unit: UnitPort) -> None:
            await unit.catalogue.replace(item)
            await unit.events.add(event)

        await self._context.store.transact(work)
        await self.refresh()
        return item

    async def refresh(self) -> bool:
        """Use the items as the database has them; whether any had changed. The words that name skills are read anew."""
        changed = self._context.catalogue.renew(await self._context.store.catalogue.load())
        if changed:
            self._context.understander = self._context.understander.renewed()
        return changed

    def _group_name(self, change: ItemChange, present: ServiceItem) -> str:
        group = change.fields.get("group", present.group)
        named = {item.group: item.group_name for item in self._context.catalogue}
        if group not in named:
            raise InvalidInputError("没有这个服务组", {"group": [f"事项清单里没有服务组 {group}"]})
        return named[group]
