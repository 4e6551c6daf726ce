"""The ranking as an answer: candidates with the parts of their scores, and who was left out by which rule."""

from marshmallow import fields

from models.schemas.answers import NamedProviderAnswer, Open
from models.schemas.understanding_answers import UnderstandingAnswer
from models.schemas.weights_answers import WeightsNameAnswer


class ContributionAnswer(Open):
    value = fields.Float(required=True)
    weight = fields.Float(required=True)
    points = fields.Float(required=True)


class CandidateAnswer(Open):
    provider = fields.Nested(NamedProviderAnswer, required=True)
    score = fields.Float(required=True)
    contributions = fields.Dict(keys=fields.String(), values=fields.Nested(ContributionAnswer), required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    reason = fields.String(required=True)


class StandingAnswer(CandidateAnswer):
    place = fields.Integer(required=True, allow_none=True)
    lacking = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    substitute = fields.Nested(NamedProviderAnswer, required=True, allow_none=True)


class NearestMissAnswer(Open):
    provider = fields.Nested(NamedProviderAnswer, required=True)
    lacking = fields.String(required=True)


class CandidatesAnswer(Open):
    candidates = fields.List(fields.Nested(CandidateAnswer), required=True)
    eligible = fields.Integer(required=True, allow_none=True)
    excluded = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    excluded_labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    weights = fields.Nested(WeightsNameAnswer, required=True)
    why = fields.Nested(StandingAnswer, required=True, allow_none=True)
    nearest_misses = fields.Dict(keys=fields.String(), values=fields.Nested(NearestMissAnswer), required=True)


class RankingAnswer(CandidatesAnswer):
    understanding = fields.Nested(UnderstandingAnswer, required=True)
