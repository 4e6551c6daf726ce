"""Wire shapes of needs, rankings and evaluations."""

from typing import Any

from marshmallow import post_load

from models.need import NeedPosting, NeedStatus
from models.provider import Contact
from models.schemas.base import Code, Flag, Inner, Many, Page, Query, Term, Text, Whole, Wire
from models.schemas.common import ContactShape, PointShape, WindowShape
from models.vocabulary import Channel, ProviderKind


class NeedShape(Wire):
    """`urgency`, `people` and `window` are understood from the text where they are not stated."""

    text = Text(2000, shortest=2, required=True)
    region = Code(required=True)
    point = Inner(PointShape, load_default=None, allow_none=True)
    contact = Inner(ContactShape, load_default=Contact())
    channel = Term(Channel, load_default=Channel.RESIDENT)
    urgency = Whole(1, 4, load_default=None, allow_none=True)
    people = Whole(1, 50, load_default=None, allow_none=True)
    window = Inner(WindowShape, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NeedPosting:
        return NeedPosting(**data)


class NeedQuery(Page):
    region = Code(load_default=None)
    status = Term(NeedStatus, load_default=None)
    service = Code(load_default=None)


class CandidatesQuery(Query):
    limit = Whole(1, 200, load_default=20)
    weights = Code(load_default="default")


class RankingShape(Wire):
    text = Text(2000, shortest=2, required=True)
    region = Code(required=True)
    point = Inner(PointShape, load_default=None, allow_none=True)
    limit = Whole(1, 200, load_default=20)
    kinds = Many(Term(ProviderKind), most=3, load_default=None, allow_none=True)


class EvaluationShape(Wire):
    responded = Flag(required=True)
    resolved = Flag(required=True)
    satisfied = Flag(required=True)
    score = Whole(1, 5, required=True)
    comment = Text(1000, load_default="")
