"""事项清单 as administrators change it. Items are not removed here: models, columns and old needs stand on those there are."""

from dataclasses import replace
from typing import Any

from matcher.dispatch.context import Context, require_everywhere
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError, StaleVersionError
from models.event import Event, event_of
from models.service_item import ItemChange, NewItem, ServiceItem


class Cataloguing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def add(self, who: Principal, new: NewItem) -> ServiceItem:
        """Can be chosen by hand and ranked for at once here, and on the other workers within half a minute. Who can do it is read from
        the skills of those who register or change their profile from now on, of all others by `sandan remap --all`; residents' words
        are taken for it by the next model that is trained."""
        require_everywhere(who, "事项清单")
        catalogue, code, name = self._context.catalogue, new.fields["code"], new.fields["name"]
        if catalogue.get(code) is not None:
            raise InvalidInputError("已经有这个事项", {"code": ["已经有用这个代码的事项"]})
        if any(item.name == name for item in catalogue):
            raise InvalidInputError("已经有这个事项", {"name": ["已经有叫这个名字的事项"]})
        if len(catalogue) >= catalogue.room:
            raise InvalidInputError("这次启动以来新增的事项太多了，请重启服务以后再加")
        item = ServiceItem(**new.fields, group_name=self._group_name(new.fields["group"]))
        event = self._event(who, "catalogue.added", item, new.reason, {"name": name})

        async def work(unit: UnitPort) -> None:
            await unit.catalogue.add(item)
            await unit.events.add(event)

        await self._context.store.transact(work)
        await self.refresh()
        return item

    async def change(self, who: Principal, code: str, change: ItemChange) -> ServiceItem:
        """Counts at once here, and on the other workers within half a minute; needs that were understood already stay as they are."""
        require_everywhere(who, "事项清单")
        present = await self._context.store.catalogue.get(code)
        if present is None:
            raise NotFoundError("没有这个服务事项")
        if change.version != present.version:
            raise StaleVersionError("事项已被别人修改，请重新读取后再改", present_version=present.version)
        group_name = self._group_name(change.fields.get("group", present.group))
        item = replace(present, **change.fields, group_name=group_name, version=present.version + 1)
        event = self._event(who, "catalogue.changed", item, change.reason, {"changed": sorted(change.fields)})

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

    def _event(self, who: Principal, action: str, item: ServiceItem, why: str, facts: dict[str, Any]) -> Event:
        id, at = self._context.store.new_id(), self._context.now()
        return event_of(who, action, at, f"item:{item.code}", id=id, why=why, facts={"version": item.version, **facts})

    def _group_name(self, group: str) -> str:
        named = {item.group: item.group_name for item in self._context.catalogue}
        if group not in named:
            raise InvalidInputError("没有这个服务组", {"group": [f"事项清单里没有服务组 {group}"]})
        return named[group]
