"""派单方式: how a need is brought to its people, and how far that has come. Pure data: the use cases move it on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.place import ancestry
from models.vocabulary import Credential, ProviderKind


class Mode(StrEnum):
    DIRECT = "direct"
    SEQUENCE = "sequence"
    OPEN = "open"
    WINDOW = "window"
    TEAM = "team"


MODE_LABELS = {
    Mode.DIRECT: "指派",
    Mode.SEQUENCE: "顺序派单",
    Mode.OPEN: "抢单",
    Mode.WINDOW: "限时报名",
    Mode.TEAM: "组队",
}


class Place(StrEnum):
    """What somebody is among several who come; in a team it is the role's own name instead."""

    LEAD = "lead"
    ASSISTANT = "assistant"


PLACE_LABELS = {Place.LEAD: "牵头", Place.ASSISTANT: "协助"}

# By urgency, in minutes: until an owner who has a need by hand is helped by the one above, and until silence confirms a completed one.
OWNER_MINUTES = {4: 15, 3: 2 * 60, 2: 24 * 60, 1: 48 * 60}
CONFIRMED_BY_SILENCE = timedelta(days=3)
# So many refusals, expiries and hand-backs in one round, and a person takes over.
MOST_REFUSALS = 5
MOST_REDONE = 2
# The levels that have overseers: community, street, and above them the administrators.
STREET_DIGITS = 9
OWNER_DIGITS = (12, STREET_DIGITS)
ADMINISTRATORS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRole:
    """One place of a team; what is None or False is not asked for. Without `service` nobody's skill is asked."""

    name: str
    kind: ProviderKind | None = None
    party_member: bool = False
    service: str | None = None
    credential: Credential = Credential.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatching:
    """`queue` holds the providers still to be asked, as `kind:id`, where the caller gave a list: then nobody else is asked.

    `asked` counts offers made in this round, of which there may be `at_most`; `best` is how many are asked at once.
    """

    mode: Mode
    started_by: str
    at_most: int
    best: int = 1
    asked: int = 0
    listed: bool = False
    queue: tuple[str, ...] = ()
    roles: tuple[TeamRole, ...] = ()
    offer_minutes: int | None = None
    closes_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """兜底: who has the need in hand when no offer brought anybody. `account_id` None: whoever oversees the region."""

    region: str
    account_id: str | None
    name: str
    since_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Suspension:
    reason: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Handling:
    """How an owner met the need without any order."""

    by: str
    name: str
    at: datetime
    summary: str


# Who is called when a clock runs out, level by level: community, street, district, and above them the administrators.
ESCALATION_DIGITS = (12, STREET_DIGITS, 6)


def escalation_levels(region: str, present: str | None) -> tuple[str, ...]:
    """Above the level that was called last, the nearest first; a need's own community is called only for a part of it."""
    levels = (*(code for code in ancestry(region) if len(code) in ESCALATION_DIGITS and code != region), ADMINISTRATORS)
    return levels if present is None else tuple(code for code in levels if len(code) < len(present))


def owner_regions(region: str) -> tuple[str, ...]:
    """Whose a need becomes, one after the other: its community, its street, the administrators."""
    return (*(code for code in ancestry(region) if len(code) in OWNER_DIGITS), ADMINISTRATORS)


def next_owner_region(region: str, present: str | None) -> str | None:
    """The level above the present owner's; the first for a need without one; None when there is nobody above."""
    levels = owner_regions(region)
    return levels[0] if present is None else next((code for code in levels if len(code) < len(present)), None)
