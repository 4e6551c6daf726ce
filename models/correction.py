"""更正理解: what a person says a need really means."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.errors import InvalidInputError, StaleVersionError
from models.need import Need
from models.need_states import NeedAction
from models.provider import ServiceConfidence
from models.schedule import Window
from models.understanding import Reading, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is None stays as it was understood, and is confirmed by that; `keeps_window` tells "no window" from "the same window".

    `revision`, where given, is that of the need which the person was looking at.
    """

    codes: tuple[str, ...] | None = None
    urgency: int | None = None
    people: int | None = None
    window: Window | None = None
    keeps_window: bool = True
    revision: int | None = None
    reason: str = ""


def corrected(need: Need, correction: Correction, by: str, at: datetime) -> Need:
    """Places that are no longer asked for void the open offers: `offers_open` is then 0, and closing them is the caller's.

    Raises TransitionNotAllowedError, StaleVersionError, and InvalidInputError where fewer people are asked for than came.
    """
    need.require(NeedAction.CORRECT)
    if correction.revision not in (None, need.revision):
        raise StaleVersionError("需求已被别人改动，请重新读取后再改", present_version=need.revision)
    people = correction.people or need.people
    if people < need.taken:
        raise InvalidInputError("人数太少", {"people": [f"已有 {need.taken} 人接单，不能少于 {need.taken} 人"]})
    after = replace(
        need.understanding,
        services=tuple(ServiceConfidence(code, 1.0) for code in correction.codes or _meant(need.understanding)),
        urgency=correction.urgency or need.urgency,
        people=people,
        window=need.window if correction.keeps_window else correction.window,
        needs_review=False,
        corrected_by=by,
        corrected_at=at,
        said=need.understanding.said or reading_of(need.understanding),
    )
    offers_open = 0 if people == need.taken else need.offers_open
    # Other items may be met by others, and with no place left nobody is looked for.
    unmatched = need.unmatched if meant(after) == meant(need.understanding) and people > need.taken else None
    return replace(need, understanding=after, people=people, offers_open=offers_open, unmatched=unmatched).settled()


def reading_of(understanding: Understanding) -> Reading:
    return Reading(understanding.services, understanding.urgency, understanding.people, understanding.window)


def is_confirmation(before: Understanding, after: Understanding) -> bool:
    """Whether the person found everything as it had been understood."""
    parts = [(meant(each), each.urgency, each.people, each.window) for each in (before, after)]
    return parts[0] == parts[1]


def meant(understanding: Understanding) -> tuple[str, ...]:
    """The items that count: of a model's guesses the likeliest, of a person's word all."""
    said = understanding.services if understanding.corrected_by else understanding.services[:1]
    return tuple(service.code for service in said)


def _meant(understanding: Understanding) -> tuple[str, ...]:
    codes = meant(understanding)
    if not codes:
        raise InvalidInputError("还没有理解出事项", {"services": ["请指明服务事项"]})
    return codes
