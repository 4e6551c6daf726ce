"""决策留痕: what the ranking saw when a need was offered, so that other weights can be tried on it as it stood then."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The best candidates of one moment and who was chosen; some 3 kB.

    `refs` are the kept candidates as `kind:id`. `values` holds their values of `codes`, row by row, in ten-thousandths as 16-bit
    numbers; `distances` metres as 32-bit ones, -1 where unknown; `loads` 16-bit: all unsigned but the distances, low byte first.
    `shares` are the weights' shares at the time. Of the `eligible` who were not kept, none scored above `floor` by them, and none
    had more of a criterion than `caps`. `chosen` and `order_ids` belong together; `places` are the ranks of the chosen, from 1,
    0 for one whom the ranking did not know yet. `profile` and `version` name the weights.
    """

    id: str
    need_id: str
    order_ids: tuple[str, ...]
    at: datetime
    expires_at: datetime
    region: str
    group: str | None
    urgency: int
    profile: str
    version: int
    codes: tuple[str, ...]
    shares: tuple[float, ...]
    eligible: int
    refs: tuple[str, ...]
    values: bytes
    distances: bytes
    loads: bytes
    floor: float
    caps: tuple[float, ...]
    chosen: tuple[str, ...]
    places: tuple[int, ...]
