"""A need's words with what a person says they mean: what the next model learns from."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledNeed:
    """`id` is the need's: one example a need, the latest word on it. `text` is masked and comes without contact or place.

    `codes[0]` is the item meant first; `said_code` is what the model `model_version` had taken it for, None if for nothing.
    """

    id: str
    text: str
    codes: tuple[str, ...]
    urgency: int
    people: int
    said_code: str | None
    model_version: str
    by: str
    at: datetime
