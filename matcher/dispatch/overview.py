"""辖区一览: the regions below one, how the needs of each stand and how many could help there."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.dispatch.context import Context, narrowed
from matcher.ranking.numbers import CODE_DIGITS
from models.account import NOWHERE, Principal
from models.errors import NotFoundError
from models.need_filter import RegionCounts
from models.place import CODE_LENGTHS, DISTRICT_LENGTH


@dataclass(frozen=True, slots=True)
class Overview:
    """`region` None: everything, by districts. A region whose needs name no part of it stands among its own parts."""

    region: str | None
    parts: tuple[RegionCounts, ...]


class Overviews:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def of(self, who: Principal, region: str | None) -> Overview:
        """One level down from the asked region, or from the caller's own."""
        scope = narrowed(who.scope, region)
        if scope == NOWHERE:
            raise NotFoundError("没有这个区划")
        if scope is not None:
            self._context.regions.require(scope)
        digits = digits_below(scope)
        if digits is None:
            return Overview(scope, ())
        counted = {each.region: each for each in await self._context.store.standing.below(scope, digits, self._context.now())}
        providers = self._providers(scope, digits)
        codes = sorted({*self._named(scope, digits), *counted, *providers})
        parts = [replace(counted.get(code, RegionCounts(region=code)), providers=providers.get(code, 0)) for code in codes]
        return Overview(scope, tuple(parts))

    def _named(self, scope: str | None, digits: int) -> list[str]:
        regions = self._context.regions
        below = regions if scope is None else regions.children(scope)
        return [region.code for region in below if len(region.code) == digits]

    def _providers(self, scope: str | None, digits: int) -> dict[str, int]:
        """Active ones, from the columns in memory: some milliseconds for a million."""
        everyone = self._context.columns.everyone()
        fits = everyone.active & (everyone.region_digits >= digits)
        if scope is not None:
            fits &= everyone.region // 10 ** (CODE_DIGITS - len(scope)) == int(scope)
        codes, counts = np.unique(everyone.region[fits] // 10 ** (CODE_DIGITS - digits), return_counts=True)
        return {str(code): int(count) for code, count in zip(codes, counts, strict=True)}


def digits_below(region: str | None) -> int | None:
    """How long the codes one level down are; None below a grid."""
    if region is None:
        return DISTRICT_LENGTH
    return next((length for length in sorted(CODE_LENGTHS) if length > len(region)), None)
