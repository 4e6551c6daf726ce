"""Weight profiles as administrators read and change them. Each change is a new version; the next ranking uses it."""

from matcher.dispatch.context import Context, weights_named
from matcher.dispatch.ports import UnitPort
from matcher.ranking.criteria import CRITERIA
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError, StaleVersionError
from models.event import event_of
from models.weights import Weights, WeightsDraft


class Profiles:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def latest(self) -> list[Weights]:
        return await self._context.store.weights.latest()

    async def get(self, name: str) -> Weights:
        return await weights_named(self._context.store, name)

    async def versions(self, name: str) -> list[Weights]:
        found = await self._context.store.weights.versions(name)
        if not found:
            raise NotFoundError(f"没有名为 {name} 的权重方案")
        return found

    async def roll_back(self, who: Principal, name: str, version: int) -> Weights:
        """The criteria of an earlier version as a new version: what happened in between stays on record."""
        versions = await self.versions(name)
        earlier = next((each for each in versions if each.version == version), None)
        if earlier is None:
            raise NotFoundError(f"权重方案 {name} 没有第 {version} 版")
        return await self.put(who, name, WeightsDraft(earlier.criteria, versions[0].version, f"回到第 {version} 版"))

    async def put(self, who: Principal, name: str, draft: WeightsDraft) -> Weights:
        """A profile that does not exist yet is made by a draft of version 0."""
        require_sensible(draft)
        present = await self._context.store.weights.get(name)
        version = present.version if present else 0
        if draft.version != version:
            raise StaleVersionError("权重方案已被别人修改，请重新读取后再改", present_version=version)
        at = self._context.now()
        weights = Weights(
            name, version + 1, {code: float(draft.criteria.get(code, 0.0)) for code in CRITERIA}, at, who.name, draft.reason
        )
        event = event_of(
            who,
            "weights.changed",
            at,
            f"weights:{name}",
            id=self._context.store.new_id(),
            why=draft.reason,
            facts={"version": weights.version, "criteria": dict(weights.criteria)},
        )

        async def work(unit: UnitPort) -> None:
            await unit.weights.add(weights)
            await unit.events.add(event)

        await self._context.store.transact(work)
        return weights


def require_sensible(draft: WeightsDraft) -> None:
    unknown = [code for code in draft.criteria if code not in CRITERIA]
    if unknown:
        raise InvalidInputError("没有这样的评分项", {f"criteria.{code}": ["没有这样的评分项"] for code in unknown})
    if not any(weight > 0 for weight in draft.criteria.values()):
        raise InvalidInputError("至少要有一项权重大于 0", {"criteria": ["至少要有一项权重大于 0"]})
