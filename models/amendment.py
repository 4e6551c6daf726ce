"""改点单: what residents set right in their own need."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from models.errors import InvalidInputError, TransitionNotAllowedError
from models.need import NEED_STATUS_LABELS, Need
from models.need_states import UNFINISHED_NEEDS
from models.provider import Contact
from models.schedule import Window
from models.understanding import Understanding

TOO_LATE = "已经派出去了，这里改不了；请打电话告诉社区或来帮忙的人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What is None stays as it is."""

    text: str | None = None
    contact: Contact | None = None
    window: Window | None = None

    def of(self, need: Need) -> "Amendment":
        """What of it is new."""
        return Amendment(
            text=None if self.text == need.text else self.text,
            contact=None if self.contact == need.contact else self.contact,
            window=None if self.window == need.window else self.window,
        )

    @property
    def fields(self) -> list[str]:
        return [name for name in ("text", "contact", "window") if getattr(self, name) is not None]


def amended(need: Need, amendment: Amendment, understand: Callable[[str], Understanding]) -> Need:
    """How to reach the resident may change until the work is done; what is asked for and when, only while nobody has been asked:
    who said yes, said it to other words. Other words are understood anew, and are never taken for less urgent than before.

    Raises TransitionNotAllowedError, and InvalidInputError for `text` or `window`.
    """
    if need.status not in UNFINISHED_NEEDS:
        raise TransitionNotAllowedError(f"需求目前是“{NEED_STATUS_LABELS[need.status]}”，不能再改", present_status=need.status)
    late = {name: [TOO_LATE] for name in ("text", "window") if getattr(amendment, name) is not None}
    if late and (need.taken or need.offers_open):
        raise InvalidInputError("现在只能改联系方式", late)
    if amendment.contact is not None:
        need = replace(need, contact=amendment.contact)
    if not late:
        return need
    read = understand(amendment.text) if amendment.text else need.understanding
    read = replace(read, urgency=max(read.urgency, need.urgency))
    if amendment.window is not None:
        read = replace(read, window=amendment.window, missed=None)
    people = read.people if amendment.text else need.people
    return replace(need, text=amendment.text or need.text, understanding=read, people=people, unmatched=None).settled()
