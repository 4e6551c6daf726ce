"""A need on its way, and what is logged of its decisions."""

from dataclasses import dataclass, field

from bench.simulate.city import SimNeed
from bench.simulate.measures import Tale
from matcher.ranking.columns import Values
from models.account import ProviderRef


@dataclass(slots=True)
class Logged:
    """An answered offer or one that ran out, as the service's decisions keep it."""

    need: int
    urgency: int
    attempt: int
    place: int
    values: Values
    around: Values
    success: float


@dataclass(slots=True)
class Seen:
    """A decision's best candidates with the hidden chance of each: what only the simulation can know."""

    need: int
    urgency: int
    values: Values
    chance: Values


@dataclass(slots=True)
class Open:
    """A need on its way. `pending` maps who has not answered to what is logged of them."""

    need: SimNeed
    tale: Tale
    asked: list[ProviderRef] = field(default_factory=list)
    pending: dict[int, Logged | None] = field(default_factory=dict)
    attempt: int = 0
    asks_on: bool = False
    turn: int = 0
