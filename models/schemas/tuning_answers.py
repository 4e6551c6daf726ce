"""Wire shapes of what trials of weights answer."""

from marshmallow import fields

from models.schemas.answers import NamedProviderAnswer, Open
from models.schemas.weights_answers import WeightsNameAnswer


class OutlookAnswer(Open):
    mean_distance_km = fields.Float(required=True, allow_none=True)
    load_gini = fields.Float(required=True)
    expected_acceptance = fields.Float(required=True, allow_none=True)
    mean_load = fields.Float(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    uncertain = fields.Integer(required=True)


class FirstAnswer(Open):
    provider = fields.Nested(NamedProviderAnswer, required=True)
    distance_km = fields.Float(required=True, allow_none=True)
    exact = fields.Boolean(required=True)


class PreviewExampleAnswer(Open):
    need_id = fields.String(required=True)
    text = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    before = fields.Nested(FirstAnswer, required=True)
    after = fields.Nested(FirstAnswer, required=True)
    change = fields.String(required=True)


class ReplayAnswer(Open):
    decisions = fields.Integer(required=True)
    without_candidates = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    acceptance_from = fields.String(required=True)
    before = fields.Nested(OutlookAnswer, required=True)
    after = fields.Nested(OutlookAnswer, required=True)
    examples = fields.List(fields.Nested(PreviewExampleAnswer), required=True)


class PreviewAnswer(ReplayAnswer):
    weights = fields.Nested(WeightsNameAnswer, required=True)
    criteria = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)


class HeldOutAnswer(Open):
    folds = fields.Integer(required=True)
    log_loss_present = fields.Float(required=True)
    log_loss_proposed = fields.Float(required=True)
    gain = fields.Float(required=True)
    standard_error = fields.Float(required=True)
    better = fields.Boolean(required=True)


class ProposalAnswer(Open):
    criteria = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    intervals = fields.Dict(keys=fields.String(), values=fields.List(fields.Float()), required=True)
    held_out = fields.Nested(HeldOutAnswer, required=True)
    preview = fields.Nested(ReplayAnswer, required=True)


class LearnAnswer(Open):
    weights = fields.Nested(WeightsNameAnswer, required=True)
    enough = fields.Boolean(required=True)
    verdict = fields.String(required=True)
    minimum = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    missing = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    decisions = fields.Integer(required=True)
    needs = fields.Integer(required=True)
    orders = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    order_labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    present = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    proposal = fields.Nested(ProposalAnswer, required=True, allow_none=True)
