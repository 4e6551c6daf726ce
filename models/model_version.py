"""Models of understanding as they are kept: any number of machines serve from one database, and so from one model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from models.errors import TransitionNotAllowedError

# The model that lies with the program: that of the data directory, or the one that comes with the source.
SHIPPED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """`id` counts from one; `name` is the version that decisions carry, made from what the model learned.

    `examples` is how many needs labelled by people it learned from, `learned_until` when the last of them was labelled.
    `report` is what got better and worse when it was made; None for a model that was made elsewhere.
    """

    id: int
    name: str
    made_at: datetime
    made_by: str
    examples: int = 0
    learned_until: datetime | None = None
    report: Mapping[str, Any] | None = None
    note: str = ""
    file_id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInUse:
    """Which version counts. `trail` holds those that counted before it, the latest last."""

    version: int = SHIPPED
    trail: tuple[int, ...] = ()
    revision: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""

    def switched(self, version: int, by: str, at: datetime) -> "ModelInUse":
        return self._moved(version, (*self.trail, self.version), by, at)

    def stepped_back(self, by: str, at: datetime) -> "ModelInUse":
        if not self.trail:
            raise TransitionNotAllowedError("没有更早的模型可以退回", present_status=str(self.version))
        return self._moved(self.trail[-1], self.trail[:-1], by, at)

    def _moved(self, version: int, trail: tuple[int, ...], by: str, at: datetime) -> "ModelInUse":
        return replace(self, version=version, trail=trail, revision=self.revision + 1, changed_at=at, changed_by=by)
