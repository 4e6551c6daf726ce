"""Wire shapes of needs, rankings and evaluations."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from models.account import ProviderRef
from models.amendment import Amendment
from models.correction import Correction
from models.need import NeedPosting, NeedStatus
from models.need_filter import DueState
from models.provider import Contact
from models.schemas.base import Code, Flag, Inner, Many, Page, Query, Term, Text, Whole, Wire
from models.schemas.common import ConstraintsShape, ContactShape, PointShape, WindowShape
from models.schemas.numbers import SaidNumber
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
    review = Flag(load_default=False)
    due = Term(DueState, load_default=None)
    urgent = Flag(load_default=False)
    number = SaidNumber(load_default=None)

    @validates_schema
    def one_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["review"] and data["due"]:
            raise ValidationError("不能与 review 同时用：两者的先后次序不同", "due")
        if data["urgent"] and (data["review"] or data["due"]):
            raise ValidationError("不能与 review、due 同时用：它们各有先后次序", "urgent")
        if data["urgent"] and data["status"] is None:
            raise ValidationError("要同时填写 status", "urgent")


class CountsQuery(Query):
    region = Code(load_default=None)


class ItemCode(Code):
    """A service item as its code, or as `{"code": …}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        named = value["code"] if isinstance(value, dict) and set(value) == {"code"} else value
        return super()._deserialize(named, attr, data, **kwargs)


class CorrectionShape(Wire):
    """What is left out stays as it was understood; a body that changes nothing must say `confirmed`."""

    services = Many(ItemCode(), most=8, least=1)
    urgency = Whole(1, 4)
    people = Whole(1, 50)
    window = Inner(WindowShape, allow_none=True)
    confirmed = Flag(load_default=False)
    revision = Whole(1, 2**31)
    reason = Text(500, load_default="")

    @validates_schema
    def says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data["confirmed"] and not {"services", "urgency", "people", "window"} & set(data):
            raise ValidationError("没有要更正的内容；核对无误请填 true", "confirmed")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Correction:
        data.pop("confirmed")
        codes = tuple(dict.fromkeys(data.pop("services", ()))) or None
        return Correction(codes=codes, keeps_window="window" not in data, **data)


class AmendmentShape(Wire):
    """What is left out stays as it is; `contact` is replaced whole."""

    text = Text(2000, shortest=2, load_default=None)
    contact = Inner(ContactShape, load_default=None)
    window = Inner(WindowShape, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Amendment:
        return Amendment(**data)


class MergeShape(Wire):
    into = Code(required=True)
    reason = Text(500, load_default="")


class UnmergeShape(Wire):
    reason = Text(500, load_default="")


class DuplicatesQuery(Query):
    limit = Whole(1, 50, load_default=10)


class ProviderName(Code):
    """A provider as `kind:id`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        kind, _, id = super()._deserialize(value, attr, data, **kwargs).partition(":")
        if kind not in set(ProviderKind) or not id:
            raise ValidationError("应当写作 类别:编号，例如 volunteer:…")
        return ProviderRef(ProviderKind(kind), id)


class SplitShape(Wire):
    """`text`: the second matter, in words of its own."""

    text = Text(2000, shortest=2, required=True)


class CandidatesQuery(Query):
    """Without `weights` the profile that applies to the need ranks; `kind` asks for one kind of provider only."""

    limit = Whole(1, 200, load_default=20)
    weights = Code(load_default=None)
    why = ProviderName(load_default=None)
    kind = Term(ProviderKind, load_default=None)
    counts = Flag(load_default=False)


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
