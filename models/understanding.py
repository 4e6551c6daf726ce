"""What a resident's words were taken to mean."""

from dataclasses import dataclass
from datetime import datetime

from models.need_states import NEED_ACTION_LABELS as NEED_ACTION_LABELS
from models.need_states import NEED_STATUS_LABELS as NEED_STATUS_LABELS
from models.need_states import NeedAction as NeedAction
from models.need_states import NeedStatus as NeedStatus
from models.provider import ServiceConfidence, Term
from models.schedule import Window
from models.vocabulary import Gender, Language, Rescue, TargetGroup


@dataclass(frozen=True, slots=True)
class Constraints:
    """特别要求: what a helper must be or speak, besides having the skill. Each one asked for must be known to be met."""

    gender: Gender | None = None
    languages: tuple[Language, ...] = ()
    party_member: bool = False


NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A region named in the text, with how sure the name is. `inside` is False where it lies outside the need's own region:
    the need stays where it was posted, and a person decides."""

    code: str
    confidence: float
    inside: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model had made of the words before a person corrected or confirmed it."""

    services: tuple[ServiceConfidence, ...]
    urgency: int
    people: int
    window: Window | None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the words were taken to mean, and by which model: a decision stays traceable to what made it.

    `services` holds the likeliest items, most likely first; their confidences need not sum to one. `terms` are the telling words.
    `rescue` are the emergency numbers to be rung first. `apart` are the items of two unlike matters in one text: people should part
    them. `missed` is the time that was asked for where it had gone by when the need was posted.
    `corrected_by` is the account of the person who corrected or confirmed it, `said` what the model had said.
    """

    services: tuple[ServiceConfidence, ...]
    urgency: int
    people: int
    window: Window | None
    needs_review: bool
    model_version: str
    terms: tuple[Term, ...] = ()
    constraints: Constraints = NO_CONSTRAINTS
    for_whom: tuple[TargetGroup, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    rescue: tuple[Rescue, ...] = ()
    apart: tuple[str, ...] = ()
    missed: Window | None = None
    corrected_by: str | None = None
    corrected_at: datetime | None = None
    said: Reading | None = None
