"""Weight profiles: what counts how much. Append-only: each change is a new version of the named profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Weights:
    """`criteria` maps a criterion's code to a weight >= 0; one that is not named weighs nothing. At least one is positive."""

    name: str
    version: int
    criteria: Mapping[str, float]
    changed_at: datetime
    changed_by: str
    reason: str = ""

    def shares(self, known: tuple[str, ...]) -> dict[str, float]:
        """Each known criterion's share of the whole; the shares sum to one."""
        total = sum(self.criteria.get(code, 0.0) for code in known)
        return {code: self.criteria.get(code, 0.0) / total for code in known}


@dataclass(frozen=True, slots=True)
class WeightsDraft:
    criteria: Mapping[str, float]
    version: int
    reason: str = field(default="")
