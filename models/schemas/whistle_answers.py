"""Shapes of answers about whistles, squads, registrations and assessments."""

from marshmallow import fields

from models.schemas.answers import EventAnswer, NamedProviderAnswer, Open


class SquadNameAnswer(Open):
    id = fields.String(required=True)
    name = fields.String(required=True)


class UnitAnswer(NamedProviderAnswer):
    label = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)


class UnitsAnswer(Open):
    units = fields.List(fields.Nested(UnitAnswer), required=True)


class CalledUnitAnswer(Open):
    unit = fields.Nested(NamedProviderAnswer, required=True)
    squad = fields.Nested(SquadNameAnswer, required=True, allow_none=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    reported_at = fields.AwareDateTime(required=True, allow_none=True)
    rating = fields.Integer(required=True, allow_none=True)
    remark = fields.String(required=True)


class ClosingProposalAnswer(Open):
    unit = fields.Nested(NamedProviderAnswer, required=True)
    summary = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class ClosingVetoAnswer(Open):
    proposal = fields.Nested(ClosingProposalAnswer, required=True)
    reason = fields.String(required=True)
    by_name = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class WhistleLineAnswer(Open):
    id = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    need = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    note = fields.String(required=True)
    status = fields.String(required=True)
    status_label = fields.String(required=True)
    minutes = fields.Integer(required=True)
    units = fields.List(fields.Nested(CalledUnitAnswer), required=True)
    called_at = fields.AwareDateTime(required=True)
    caller_name = fields.String(required=True)
    proposal = fields.Nested(ClosingProposalAnswer, required=True, allow_none=True)
    vetoes = fields.List(fields.Nested(ClosingVetoAnswer), required=True)
    summary = fields.String(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class WhistleAnswer(WhistleLineAnswer):
    phones = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    events = fields.List(fields.Nested(EventAnswer), required=True)


class SquadAnswer(Open):
    id = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    region = fields.String(required=True)
    region_name = fields.String(required=True)
    members = fields.List(fields.Nested(NamedProviderAnswer), required=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class RegistrationAnswer(Open):
    id = fields.String(required=True)
    provider = fields.Nested(NamedProviderAnswer, required=True)
    community = fields.String(required=True)
    community_name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    since = fields.AwareDateTime(required=True)


class CountsAnswer(Open):
    """Minutes from the call to the report-in of those who came; both means are null where there is nothing to take them of."""

    called = fields.Integer(required=True)
    on_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    mean_minutes = fields.Float(required=True, allow_none=True)
    mean_rating = fields.Float(required=True, allow_none=True)


class UnitCountsAnswer(CountsAnswer):
    unit = fields.Nested(NamedProviderAnswer, required=True)


class CommunityCountsAnswer(CountsAnswer):
    community = fields.String(required=True)
    community_name = fields.String(required=True)


class AssessmentAnswer(Open):
    from_at = fields.AwareDateTime(required=True, data_key="from")
    to_at = fields.AwareDateTime(required=True, data_key="to")
    units = fields.List(fields.Nested(UnitCountsAnswer), required=True)
    communities = fields.List(fields.Nested(CommunityCountsAnswer), required=True)
