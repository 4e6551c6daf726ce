"""Wire shapes of weight profiles, catalogue and regions."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from models.schemas.base import REQUIRED, Code, Inner, Instant, LongPage, Number, Text, Whole, Wire
from models.weights import AppliesTo, WeightsDraft


class Criteria(fields.Dict):
    """Criterion to weight; weights are finite and not negative."""

    default_error_messages = {**REQUIRED, "invalid": "应当是“评分项: 权重”的对象"}  # noqa: RUF012


class AppliesToShape(Wire):
    group = Code(load_default=None, allow_none=True)
    region = Code(load_default=None, allow_none=True)

    @validates_schema
    def says_something(self, data: dict[str, Any], **_: Any) -> None:
        if data["group"] is None and data["region"] is None:
            raise ValidationError("服务组和区划至少要有一个", "group")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AppliesTo:
        return AppliesTo(**data)


class WeightsShape(Wire):
    """`applies_to` left out stays as it was; null ends it."""

    criteria = Criteria(keys=Text(40, shortest=1), values=Number(0, 1_000_000), required=True)
    version = Whole(0, 2**31, required=True)
    reason = Text(500, load_default="")
    applies_to = Inner(AppliesToShape, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> WeightsDraft:
        if "applies_to" in data and data["applies_to"] is None:
            data["applies_to"] = AppliesTo()
        return WeightsDraft(**data)


class RollbackShape(Wire):
    version = Whole(1, 2**31, required=True)


class LearnShape(Wire):
    """The newest `limit` decisions, none older than `since`."""

    since = Instant(load_default=None, allow_none=True, metadata={"type": "string", "format": "date-time"})
    limit = Whole(1, 5_000, load_default=5_000)


class PreviewShape(LearnShape):
    criteria = Criteria(keys=Text(40, shortest=1), values=Number(0, 1_000_000), required=True)
    limit = Whole(1, 5_000, load_default=500)


class RegionQuery(LongPage):
    parent = Code(load_default=None)
