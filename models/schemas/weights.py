"""Wire shapes of weight profiles, catalogue and regions."""

from typing import Any

from marshmallow import fields, post_load

from models.schemas.base import REQUIRED, Code, LongPage, Number, Text, Whole, Wire
from models.weights import WeightsDraft


class Criteria(fields.Dict):
    """Criterion to weight; weights are finite and not negative."""

    default_error_messages = {**REQUIRED, "invalid": "应当是“评分项: 权重”的对象"}  # noqa: RUF012


class WeightsShape(Wire):
    criteria = Criteria(keys=Text(40, shortest=1), values=Number(0, 1_000_000), required=True)
    version = Whole(0, 2**31, required=True)
    reason = Text(500, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> WeightsDraft:
        return WeightsDraft(**data)


class RollbackShape(Wire):
    version = Whole(1, 2**31, required=True)


class RegionQuery(LongPage):
    parent = Code(load_default=None)
