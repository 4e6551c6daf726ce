"""Wire shapes of whistles, squads, registrations and assessments."""

from typing import Any

from marshmallow import ValidationError, missing, validates_schema

from models.registration import RegistrationKind
from models.schemas.base import Code, Inner, Instant, Many, Page, Query, Term, Text, Whole, Wire
from models.schemas.common import ProviderRefShape
from models.squad import MOST_MEMBERS, SquadKind
from models.whistle import LEAST_MINUTES, MOST_CALLED, MOST_MINUTES, USUAL_MINUTES
from models.whistle_states import WhistleStatus


class WhistleShape(Wire):
    """About a `need`, in its words or in `text` of one's own, or about `text` alone; without `region` it is the need's."""

    need = Code(load_default=None, allow_none=True)
    text = Text(2000, load_default="")
    region = Code(load_default=None, allow_none=True)
    units = Many(Inner(ProviderRefShape), most=MOST_CALLED, load_default=list)
    squads = Many(Code(), most=20, load_default=list)
    minutes = Whole(LEAST_MINUTES, MOST_MINUTES, load_default=USUAL_MINUTES)
    note = Text(500, load_default="")

    @validates_schema
    def says_enough(self, data: dict[str, Any], **_: Any) -> None:
        if data["need"] is None and not data["text"]:
            raise ValidationError("需求和事由至少填写一项", "text")
        if data["need"] is None and data["region"] is None:
            raise ValidationError("必须填写", "region")
        if not data["units"] and not data["squads"]:
            raise ValidationError("至少叫一个单位或一支队伍", "units")


class ReportInShape(Wire):
    """`unit` is said by overseers, for whom they act; a unit speaks for itself."""

    unit = Inner(ProviderRefShape, load_default=None, allow_none=True)


class ProposeClosingShape(ReportInShape):
    summary = Text(2000, shortest=1, required=True)


class VetoShape(Wire):
    reason = Text(500, shortest=1, required=True)


class RatingShape(Wire):
    unit = Inner(ProviderRefShape, required=True)
    rating = Whole(1, 5, required=True)
    remark = Text(200, load_default="")


class SquadRatingShape(Wire):
    """Of all members of a squad who came, but for those with a rating of their own."""

    squad = Code(required=True)
    rating = Whole(1, 5, required=True)
    remark = Text(200, load_default="")


class CloseWhistleShape(Wire):
    summary = Text(2000, shortest=1, required=True)
    ratings = Many(Inner(RatingShape), most=MOST_CALLED, load_default=list)
    squad_ratings = Many(Inner(SquadRatingShape), most=20, load_default=list)


class WhistleQuery(Page):
    region = Code(load_default=None)
    status = Term(WhistleStatus, load_default=None)
    need = Code(load_default=None)


class SquadShape(Wire):
    name = Text(40, shortest=1, required=True)
    kind = Term(SquadKind, required=True)
    region = Code(required=True)
    members = Many(Inner(ProviderRefShape), most=MOST_MEMBERS, load_default=list)


class SquadChangeShape(Wire):
    name = Text(40, shortest=1, load_default=missing)
    kind = Term(SquadKind, load_default=missing)
    members = Many(Inner(ProviderRefShape), most=MOST_MEMBERS, load_default=missing)
    version = Whole(1, 2**31, required=True)

    @validates_schema
    def something_changes(self, data: dict[str, Any], **_: Any) -> None:
        if not set(data) - {"version"}:
            raise ValidationError("没有要修改的内容", "version")


class UnitsQuery(Query):
    region = Code(required=True)


class SquadQuery(Page):
    region = Code(load_default=None)


class RegistrationShape(Wire):
    """`provider` is said by overseers; a unit or party member registers itself."""

    community = Code(required=True)
    kind = Term(RegistrationKind, required=True)
    provider = Inner(ProviderRefShape, load_default=None, allow_none=True)


class RegistrationQuery(Page):
    community = Code(load_default=None)


class AssessmentQuery(Query):
    region = Code(load_default=None)
    from_at = Instant(load_default=None, data_key="from", metadata={"type": "string", "format": "date-time"})
    to_at = Instant(load_default=None, data_key="to", metadata={"type": "string", "format": "date-time"})
