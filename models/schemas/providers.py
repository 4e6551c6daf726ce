"""Wire shapes of volunteers, social workers and organisations."""

from typing import Any

from marshmallow import ValidationError, missing, post_load, validates_schema

from models.account import ProviderRef
from models.provider import Contact
from models.schedule import merge_slots
from models.schemas.base import Code, Flag, Inner, Instant, Many, Page, Term, Text, Whole, Wire
from models.schemas.common import PointShape, ProviderRefShape, ReachShape, SlotShape
from models.vocabulary import Credential, Gender, Language, OrganisationType, ProviderKind

INSTANT = {"type": "string", "format": "date-time"}
MOST_OFFERS = 200


class SubstituteShape(ProviderRefShape):
    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ProviderRef:
        return ProviderRef(data["kind"], data["id"])


class Profile(Wire):
    name = Text(60, shortest=1, required=True)
    skills = Many(Text(60, shortest=1), most=40, required=True)
    bio = Text(1000, load_default="")
    region = Code(required=True)
    point = Inner(PointShape, load_default=None, allow_none=True)
    capacity = Whole(1, 1000, load_default=3)
    availability = Many(Inner(SlotShape), most=21, load_default=list)
    contact = Inner(ReachShape, load_default=Contact())
    languages = Many(Term(Language), most=len(Language), load_default=list)
    away_from = Instant(load_default=None, allow_none=True, metadata=INSTANT)
    away_to = Instant(load_default=None, allow_none=True, metadata=INSTANT)
    substitute = Inner(SubstituteShape, load_default=None, allow_none=True)
    daily_offers = Whole(0, MOST_OFFERS, load_default=None, allow_none=True)
    weekly_offers = Whole(0, MOST_OFFERS, load_default=None, allow_none=True)

    @validates_schema
    def leaves_before_returning(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("away_from"), data.get("away_to")
        if start is not None and end is not None and start >= end:
            raise ValidationError("结束时间应当晚于开始时间", "away_to")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "skills" in data:
            data["skills"] = tuple(dict.fromkeys(data["skills"]))
        if "availability" in data:
            data["availability"] = merge_slots(data["availability"])
        if "languages" in data:
            data["languages"] = tuple(dict.fromkeys(data["languages"]))
        if "service_regions" in data:
            data["service_regions"] = tuple(dict.fromkeys(data["service_regions"]))
        return data


class PersonProfile(Profile):
    gender = Term(Gender, load_default=None, allow_none=True)


class VolunteerProfile(PersonProfile):
    party_member = Flag(load_default=False)


class SocialWorkerProfile(PersonProfile):
    credential = Term(Credential, load_default=Credential.NONE)


class OrganisationProfile(Profile):
    type = Term(OrganisationType, required=True)
    service_regions = Many(Code(), most=50, load_default=list)


PROFILES: dict[ProviderKind, type[Profile]] = {
    ProviderKind.VOLUNTEER: VolunteerProfile,
    ProviderKind.SOCIAL_WORKER: SocialWorkerProfile,
    ProviderKind.ORGANISATION: OrganisationProfile,
}


def change_of(profile: type[Profile]) -> type[Wire]:
    """The shape of a PATCH: every field of the profile optional and without a default, the version required, and `active`."""
    members: dict[str, Any] = {}
    for name, declared in profile._declared_fields.items():
        optional = declared.__class__.__new__(declared.__class__)
        optional.__dict__.update(declared.__dict__)
        optional.required = False
        optional.load_default = missing
        members[name] = optional
    members["active"] = Flag()
    members["version"] = Whole(1, 2**31, required=True)
    members["something_changes"] = _something_changes
    return type(f"{profile.__name__}Change", (profile,), members)


@validates_schema
def _something_changes(self: Wire, data: dict[str, Any], **_: Any) -> None:
    if not set(data) - {"version"}:
        raise ValidationError("没有要修改的内容", "version")


class ProviderQuery(Page):
    region = Code(load_default=None)
    service = Code(load_default=None)
    text = Text(60, load_default="")
