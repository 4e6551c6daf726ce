"""Shapes of statistics. A share is null where there is nothing to take it of."""

from marshmallow import fields

from models.schemas.answers import Open


class ScopeAnswer(Open):
    """`region` null: everything; the days are local, both included."""

    region = fields.String(required=True, allow_none=True)
    region_name = fields.String(required=True)
    from_on = fields.Date(required=True, data_key="from")
    to_on = fields.Date(required=True, data_key="to")


class FiguresAnswer(Open):
    posted = fields.Integer(required=True)
    finished = fields.Integer(required=True)
    judged = fields.Integer(required=True)
    responded_rate = fields.Float(required=True, allow_none=True)
    resolved_rate = fields.Float(required=True, allow_none=True)
    satisfied_rate = fields.Float(required=True, allow_none=True)
    on_time_rate = fields.Float(required=True, allow_none=True)
    returned_rate = fields.Float(required=True, allow_none=True)
    redone_rate = fields.Float(required=True, allow_none=True)
    service_hours = fields.Float(required=True)
    responded = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    satisfied = fields.Integer(required=True)
    clocked = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    redone = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    served = fields.Integer(required=True)


class RateRowAnswer(FiguresAnswer):
    key = fields.String(required=True)
    label = fields.String(required=True)


class RatesAnswer(ScopeAnswer):
    by = fields.String(required=True)
    rows = fields.List(fields.Nested(RateRowAnswer), required=True)
    total = fields.Nested(FiguresAnswer, required=True)


class GapAnswer(Open):
    service = fields.String(required=True, allow_none=True)
    service_name = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    needs = fields.Integer(required=True)
    unmatched = fields.Integer(required=True)
    excluded = fields.Dict(required=True, keys=fields.String(), values=fields.Integer())
    excluded_labels = fields.Dict(required=True, keys=fields.String(), values=fields.String())


class GapsAnswer(ScopeAnswer):
    by = fields.String(required=True)
    rows = fields.List(fields.Nested(GapAnswer), required=True)


class SpreadAnswer(Open):
    """`bins` holds how many took so many orders, as the report's `bins` name them."""

    providers = fields.Integer(required=True)
    idle = fields.Integer(required=True)
    orders = fields.Integer(required=True)
    most = fields.Integer(required=True)
    mean = fields.Float(required=True, allow_none=True)
    gini = fields.Float(required=True, allow_none=True)
    bins = fields.List(fields.Integer(), required=True)


class KindSpreadAnswer(SpreadAnswer):
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)


class LoadsAnswer(ScopeAnswer):
    bins = fields.List(fields.String(), required=True)
    kinds = fields.List(fields.Nested(KindSpreadAnswer), required=True)
    total = fields.Nested(SpreadAnswer, required=True)
