"""Weight profiles as administrators read and change them. Each change is a new version; the next ranking uses it."""

from collections.abc import Mapping

from matcher.dispatch.context import Context, require_everywhere, weights_named
from matcher.dispatch.ports import UnitPort
from matcher.ranking.criteria import CRITERIA
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError, StaleVersionError
from models.event import event_of
from models.place import lies_within
from models.weights import DEFAULT, AppliesTo, Weights, WeightsDraft


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
        """An earlier version as a new version, with what it applied to: what happened in between stays on record."""
        versions = await self.versions(name)
        earlier = next((each for each in versions if each.version == version), None)
        if earlier is None:
            raise NotFoundError(f"权重方案 {name} 没有第 {version} 版")
        draft = WeightsDraft(earlier.criteria, versions[0].version, f"回到第 {version} 版", earlier.applies_to or AppliesTo())
        return await self.put(who, name, draft)

    async def put(self, who: Principal, name: str, draft: WeightsDraft) -> Weights:
        """A profile that does not exist yet is made by a draft of version 0. DuplicateError: another applies to the same.
        An administrator of a region changes what applies there and nowhere else: ForbiddenError."""
        require_sensible(draft.criteria)
        self._require_scope(name, draft.applies_to)
        present = await self._context.store.weights.get(name)
        version = present.version if present else 0
        if draft.version != version:
            raise StaleVersionError("权重方案已被别人修改，请重新读取后再改", present_version=version)
        for scope in (present.applies_to if present else draft.applies_to, applies_after(present, draft)):
            if not (scope and scope.region and lies_within(scope.region, who.scope)):
                require_everywhere(who, "您辖区以外也适用的权重方案")
        at = self._context.now()
        criteria = {code: float(draft.criteria.get(code, 0.0)) for code in CRITERIA}
        weights = Weights(name, version + 1, criteria, at, who.name, draft.reason, applies_after(present, draft))
        event = event_of(
            who,
            "weights.changed",
            at,
            f"weights:{name}",
            id=self._context.store.new_id(),
            why=draft.reason,
            facts={"version": weights.version, "criteria": dict(weights.criteria), "applies_to": scope_fact(weights.applies_to)},
        )

        async def work(unit: UnitPort) -> None:
            await unit.weights.add(weights)
            await unit.events.add(event)

        await self._context.store.transact(work)
        return weights

    def _require_scope(self, name: str, scope: AppliesTo | None) -> None:
        if scope is None or scope.anywhere:
            return
        if name == DEFAULT:
            raise InvalidInputError("默认方案适用于所有需求", {"applies_to": ["默认方案不能限定服务组或区划"]})
        if scope.region is not None:
            self._context.regions.require(scope.region, "applies_to.region")
        if scope.group is not None and scope.group not in self._context.catalogue.groups:
            raise InvalidInputError("没有这个服务组", {"applies_to.group": [f"事项清单里没有服务组 {scope.group}"]})


def applies_after(present: Weights | None, draft: WeightsDraft) -> AppliesTo | None:
    if draft.applies_to is None:
        return present.applies_to if present else None
    return None if draft.applies_to.anywhere else draft.applies_to


def scope_fact(scope: AppliesTo | None) -> dict[str, str | None] | None:
    return {"group": scope.group, "region": scope.region} if scope else None


def require_sensible(criteria: Mapping[str, float]) -> None:
    unknown = [code for code in criteria if code not in CRITERIA]
    if unknown:
        raise InvalidInputError("没有这样的评分项", {f"criteria.{code}": ["没有这样的评分项"] for code in unknown})
    if not any(weight > 0 for weight in criteria.values()):
        raise InvalidInputError("至少要有一项权重大于 0", {"criteria": ["至少要有一项权重大于 0"]})
