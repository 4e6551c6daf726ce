"""Who hears that something has happened: whoever may read of it, and nobody else, not even that it has."""

from dataclasses import dataclass

from matcher.dispatch.context import Context, may_see_contact, may_see_need, narrowed, own_order
from matcher.dispatch.whistle.sight import visible_whistle
from models.account import Principal
from models.errors import ForbiddenError, NotFoundError
from models.event import Trace
from models.place import ancestry

Topics = dict[str, str]
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be heard of: a need, a whistle, and with `desk` all that the caller oversees, or of it what lies in `region`."""

    need: str | None = None
    whistle: str | None = None
    desk: bool = False
    region: str | None = None


class Hearing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def topics(self, who: Principal, wish: Wish) -> Topics:
        """The keys to wait for, as `rung_by` gives them, and for each the topic that the caller is to be told. Raises NotFoundError
        for what they may not see, ForbiddenError for a desk that they do not have."""
        found: Topics = {}
        if wish.need is not None:
            found |= dict.fromkeys(await self._of_need(who, wish.need), f"need:{wish.need}")
        if wish.whistle is not None:
            found |= dict.fromkeys(await self._of_whistle(who, wish.whistle), f"whistle:{wish.whistle}")
        return found | (self._of_desk(who, wish.region) if wish.desk else {})

    async def _of_need(self, who: Principal, need_id: str) -> list[str]:
        """A provider hears of the need and of their own order, as in `events_as_seen`; who follows a merged need, of the kept one."""
        store = self._context.store
        need = await store.needs.get(need_id)
        orders = await store.orders.of_need(need_id) if need and who.is_provider else []
        if need is None or not may_see_need(who, need, orders):
            raise NotFoundError("没有这条需求")
        kept = [f"need:{need.merged_into}"] if need.merged_into else []
        own = own_order(who, orders)
        if own is None:
            return [f"need:{need.id}", *kept]
        itself = "matter" if may_see_contact(who, need, orders) else "task"
        return [f"{itself}:{need.id}", f"order:{own.id}", *kept]

    async def _of_whistle(self, who: Principal, whistle_id: str) -> list[str]:
        """A unit hears of the matter and of itself, as in `cut`."""
        whistle = await visible_whistle(self._context.store, who, whistle_id)
        subject = f"whistle:{whistle.id}"
        return [subject] if who.oversees(whistle.region) else [f"{subject}/", f"{subject}/{who.provider}"]

    def _of_desk(self, who: Principal, region: str | None) -> Topics:
        if not who.is_overseer:
            raise ForbiddenError("只有社区、街道和管理员有派单台")
        if region is not None:
            self._context.regions.require(region)
        within = narrowed(who.scope, region)
        return {f"{topic}@{EVERYWHERE if within is None else within}": topic for topic in ("needs", "whistles")}


def rung_by(trace: Trace) -> tuple[str, ...]:
    """All keys under which somebody may wait for this event; none for what only the log tells. Pure; ~2 µs."""
    if trace.need_id is not None:
        return (f"need:{trace.need_id}", *_narrower(trace), *_places("needs", trace))
    if trace.subject.startswith("whistle:"):
        return (trace.subject, f"{trace.subject}/{trace.on_behalf_of or ''}", *_places("whistles", trace))
    return ()


def _narrower(trace: Trace) -> tuple[str, ...]:
    """For providers: of an order its own alone, and how others' work was judged only those who serve."""
    if trace.order_id is not None:
        return (f"order:{trace.order_id}",)
    matter = f"matter:{trace.need_id}"
    return (matter,) if trace.action == "need.evaluated" else (matter, f"task:{trace.need_id}")


def _places(topic: str, trace: Trace) -> tuple[str, ...]:
    return () if trace.region is None else tuple(f"{topic}@{code}" for code in (*ancestry(trace.region), EVERYWHERE))
