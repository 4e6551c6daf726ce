"""工作队、应急队: a named list of people and organisations of a region, called as one, each answering for themself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.provider import ProviderSummary

MOST_MEMBERS = 100


class SquadKind(StrEnum):
    WORK = "work"
    EMERGENCY = "emergency"


SQUAD_KIND_LABELS = {SquadKind.WORK: "工作队", SquadKind.EMERGENCY: "应急队"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """`version` counts edits."""

    id: str
    name: str
    kind: SquadKind
    region: str
    members: tuple[ProviderSummary, ...]
    created_at: datetime
    changed_at: datetime
    version: int = 1
