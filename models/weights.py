"""Weight profiles: what counts how much, and where. Append-only: each change is a new version of the named profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.place import ancestry

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """The needs that a profile ranks unasked: of a group of service items, of a region and all below it, or of both."""

    group: str | None = None
    region: str | None = None

    @property
    def anywhere(self) -> bool:
        return self.group is None and self.region is None


def scopes_of(region: str, group: str | None) -> tuple[AppliesTo, ...]:
    """All that a profile could say to apply to a need, most specific first: region and group, then the region alone (both with
    the smallest region first), then the group alone."""
    regions = ancestry(region)
    both = [AppliesTo(group, code) for code in regions] if group else []
    return (*both, *(AppliesTo(None, code) for code in regions), *([AppliesTo(group)] if group else []))


def profile_for(holders: Mapping[AppliesTo, str], region: str, group: str | None) -> str:
    """The name of the profile that ranks a need; `holders` says which profile applies to what."""
    return next((holders[scope] for scope in scopes_of(region, group) if scope in holders), DEFAULT)


@dataclass(frozen=True, slots=True)
class Weights:
    """`criteria` maps a criterion's code to a weight >= 0; one that is not named weighs nothing. At least one is positive.

    `applies_to` None: ranks only where it is asked for by name; `default` ranks whatever no other profile applies to.
    """

    name: str
    version: int
    criteria: Mapping[str, float]
    changed_at: datetime
    changed_by: str
    reason: str = ""
    applies_to: AppliesTo | None = None

    def shares(self, known: tuple[str, ...]) -> dict[str, float]:
        """Each known criterion's share of the whole; the shares sum to one."""
        total = sum(self.criteria.get(code, 0.0) for code in known)
        return {code: self.criteria.get(code, 0.0) / total for code in known}


@dataclass(frozen=True, slots=True)
class WeightsDraft:
    """`applies_to` None leaves it as it was; one that names neither group nor region ends it."""

    criteria: Mapping[str, float]
    version: int
    reason: str = field(default="")
    applies_to: AppliesTo | None = None
