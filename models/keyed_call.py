"""A call that its maker named with a key, so that to send it again does nothing again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """`fingerprint` stands for the body. Until it is answered the call belongs to `owner`, and from `until` on to who takes it over."""

    id: str
    fingerprint: str
    owner: str
    until: datetime
    expires_at: datetime
    answer: KeptAnswer | None = None
