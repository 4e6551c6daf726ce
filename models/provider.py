"""What the three kinds of provider share. Each kind has a file of its own for what only it has."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from models.account import ProviderRef
from models.budget import USUAL_OFFERS
from models.errors import CapacityReachedError
from models.place import Point
from models.schedule import Slot
from models.vocabulary import Gender, Language, ProviderKind


@dataclass(frozen=True, slots=True)
class Contact:
    name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """What may stand in somebody's words, too."""
        return tuple(part for part in (self.name, self.phone, self.address) if part)

    def masked(self) -> "Contact":
        """What may be shown to those who do not serve this person: a surname, the phone's ends, the address up to its first digit."""
        return Contact(
            name=self.name[:1] + "*" * max(0, min(2, len(self.name) - 1)),
            phone=f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 8 else "*" * len(self.phone),
            address="***" if self.address else "",
        )


@dataclass(frozen=True, slots=True)
class ServiceConfidence:
    """A service item and how sure we are that it is meant (a need) or can be done (a provider), in [0, 1]."""

    code: str
    confidence: float


# Tells a concept of the lexicon from a word.
CONCEPT = "c:"


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word, or a concept of the lexicon (CONCEPT and its name); `weight` from 1 to 255 is how telling."""

    word: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`version` counts edits of the profile; what moves with the orders leaves it alone: `load`, the ratings, how many offers were
    answered (a refusal and silence are answers too) and how many accepted, and `recent_work` (see models/workload.py).

    `gender` is a person's and None where they have not said; `languages` are those they say they speak besides
    Mandarin, `languages_read` those that their skills and bio claim.

    `daily_offers` and `weekly_offers` None: what is usual for the kind. `asked_today` and `asked_week` count the offers of the
    local day `asked_day` and of its week.
    """

    id: str
    kind: ProviderKind
    name: str
    skills: tuple[str, ...]
    bio: str
    region: str
    point: Point | None
    capacity: int
    availability: tuple[Slot, ...]
    contact: Contact
    services: tuple[ServiceConfidence, ...] = ()
    terms: tuple[Term, ...] = ()
    model_version: str = ""
    active: bool = True
    load: int = 0
    rating_sum: float = 0.0
    rating_count: int = 0
    answered: int = 0
    accepted_count: int = 0
    recent_work: float = 0.0
    last_offered_at: datetime | None = None
    away_from: datetime | None = None
    away_to: datetime | None = None
    substitute: ProviderRef | None = None
    daily_offers: int | None = None
    weekly_offers: int | None = None
    asked_day: int = 0
    asked_today: int = 0
    asked_week: int = 0
    account_id: str | None = None
    gender: Gender | None = None
    languages: tuple[Language, ...] = ()
    languages_read: tuple[Language, ...] = ()
    version: int = 1
    created_at: datetime
    changed_at: datetime

    @property
    def ref(self) -> ProviderRef:
        return ProviderRef(self.kind, self.id)

    @property
    def offer_limits(self) -> tuple[int, int]:
        """How many offers a day and a week are welcome."""
        daily, weekly = USUAL_OFFERS[self.kind]
        return (
            daily if self.daily_offers is None else self.daily_offers,
            weekly if self.weekly_offers is None else self.weekly_offers,
        )

    def is_away(self, at: datetime) -> bool:
        return self.away_to is not None and at < self.away_to and (self.away_from is None or self.away_from <= at)

    def require_capacity(self) -> None:
        if self.load >= self.capacity:
            raise CapacityReachedError(
                f"{self.name} 手上已有 {self.load} 单，达到可承接的上限", load=self.load, capacity=self.capacity
            )


P = TypeVar("P", bound=Provider)


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """How a provider is named in an order: kept there, so that the order stays readable when the profile is gone."""

    kind: ProviderKind
    id: str
    name: str

    @property
    def ref(self) -> ProviderRef:
        return ProviderRef(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class ProviderFilter:
    """What a list of providers is narrowed by; None or empty leaves that side open."""

    region: str | None = None
    service: str | None = None
    text: str = ""
    account_id: str | None = field(default=None)
