"""The parts of a profile as forms: each a page of its own, with the API's fields and rules, named as people fill them in."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from models.schedule import Slot, merge_slots
from models.schemas.base import Clock, Flag, Inner, Text, Whole, Wire
from models.schemas.providers import PROFILES, Profile
from models.vocabulary import ProviderKind

MOST_SKILLS, LONGEST_SKILL = 40, 60
BETWEEN = re.compile("[\n,，、;；]+")
# The API takes so many in a week; a page that showed fewer would drop the others when it is saved.
MOST_WINDOWS = 21


class Lines(fields.Field[list[str]]):
    """One box for several words: one a line, or with commas between."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[str]:
        words = [word.strip() for word in BETWEEN.split(str(value)) if word.strip()]
        if not words:
            raise ValidationError("至少写一项")
        if len(words) > MOST_SKILLS:
            raise ValidationError(f"最多 {MOST_SKILLS} 项")
        if too_long := next((word for word in words if len(word) > LONGEST_SKILL), None):
            raise ValidationError(f"“{too_long[:10]}…”太长，每项最多 {LONGEST_SKILL} 个字")
        return words


def _skills() -> Lines:
    return Lines(required=True, error_messages={"required": "至少写一项", "null": "至少写一项"})


def part_of(*names: str, **own: Any) -> type[Wire]:
    """Some fields of the profile, all of them said by the form: an empty box means what it means in a new profile."""

    class Meta(Wire.Meta):
        fields = (*names, "version")

    return type(f"Part{names[0].title()}", (Profile,), {"Meta": Meta, "version": Whole(1, 2**31, required=True), **own})


LoadForm = part_of("capacity", "daily_offers", "weekly_offers")
# Said as people say it, a name or a telephone number; who is meant is found where it is saved.
AwayForm = part_of("away_from", "away_to", "substitute", substitute=Text(60, load_default=""))
SkillsForm = part_of("skills", "bio", "languages", skills=_skills())
ReachForm = part_of("name", "contact")


class PauseForm(Wire):
    active = Flag(required=True)
    version = Whole(1, 2**31, required=True)


JOIN_FORMS: dict[ProviderKind, type[Wire]] = {
    kind: type(f"Join{profile.__name__}", (profile,), {"skills": _skills()}) for kind, profile in PROFILES.items()
}


class HoursShape(Wire):
    start_minute = Clock(required=True, data_key="from")
    end_minute = Clock(required=True, data_key="to")

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["start_minute"] >= data["end_minute"]:
            raise ValidationError("结束应当晚于开始；过了半夜的，第二天另写一段", "to")


def window_name(weekday: int, place: int) -> str:
    return f"d{weekday}-{place}"


class _TimesForm(Wire):
    version = Whole(1, 2**31, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        windows = [(day, data.get(_attribute(day, place))) for day in range(1, 8) for place in range(MOST_WINDOWS)]
        slots = [Slot(day, each["start_minute"], each["end_minute"]) for day, each in windows if each]
        return {"version": data["version"], "availability": merge_slots(slots)}


def _attribute(weekday: int, place: int) -> str:
    return f"window_{weekday}_{place}"


TimesForm = _TimesForm.from_dict(
    {
        _attribute(day, place): Inner(HoursShape, load_default=None, data_key=window_name(day, place))
        for day in range(1, 8)
        for place in range(MOST_WINDOWS)
    },
    name="TimesForm",
)
