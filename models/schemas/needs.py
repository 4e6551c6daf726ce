"""Wire shapes of needs, rankings and evaluations."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load

from models.account import ProviderRef
from models.need import NeedPosting, NeedStatus
from models.provider import Contact
from models.schemas.base import Code, Flag, Inner, Many, Page, Query, Term, Text, Whole, Wire
from models.schemas.common import ConstraintsShape, ContactShape, PointShape, WindowShape
from models.vocabulary import Channel, ProviderKind


class NeedShape(Wire):
    """`urgency`, `people`, `window` and `constraints` are understood from the text where they are not stated."""

    text = Text(2000, shortest=2, required=True)
    region = Code(required=True)
    point = Inner(PointShape, load_default=None, allow_none=True)
    contact = Inner(ContactShape, load_default=Contact())
    channel = Term(Channel, load_default=Channel.RESIDENT)
    urgency = Whole(1, 4, load_default=None, allow_none=True)
    people = Whole(1, 50, load_default=None, allow_none=True)
    window = Inner(WindowShape, load_default=None, allow_none=True)
    constraints = Inner(ConstraintsShape, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NeedPosting:
        return NeedPosting(**data)


class NeedQuery(Page):
    region = Code(load_default=None)
    status = Term(NeedStatus, load_default=None)
    service = Code(load_default=None)


class ProviderName(Code):
    """A provider as `kind:id`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        kind, _, id = super()._deserialize(value, attr, data, **kwargs).partition(":")
        if kind not in set(ProviderKind) or not id:
            raise ValidationError("应当写作 类别:编号，例如 volunteer:…")
        return ProviderRef(ProviderKind(kind), id)


class CandidatesQuery(Query):
    """Without `weights` the profile that applies to the need ranks."""

    limit = Whole(1, 200, load_default=20)
    weights = Code(load_default=None)
    why = ProviderName(load_default=None)


class RankingShape(Wire):
    text = Text(2000, shortest=2, required=True)
    region = Code(required=True)
    point = Inner(PointShape, load_default=None, allow_none=True)
    limit = Whole(1, 200, load_default=20)
    kinds = Many(Term(ProviderKind), most=3, least=1, load_default=None, allow_none=True)


class EvaluationShape(Wire):
    responded = Flag(required=True)
    resolved = Flag(required=True)
    satisfied = Flag(required=True)
    score = Whole(1, 5, required=True)
    comment = Text(1000, load_default="")
