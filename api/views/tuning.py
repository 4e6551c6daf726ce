"""How trials of weights are shown."""

from collections.abc import Mapping
from math import isnan
from typing import Any

from api.views.shared import View
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.outcomes import OUTCOME_LABELS
from matcher.tuning.preview import Example, Outlook, Preview
from matcher.tuning.profiles import scope_fact
from matcher.tuning.proposal import MINIMUM, Proposal
from matcher.tuning.replay import First, Scene, present_shares
from matcher.tuning.trials import LearnReport, PreviewReport, Words
from models.weights import Weights

DECIMALS = 4


def preview_report_view(report: PreviewReport) -> View:
    return {
        "weights": {"name": report.weights.name, "version": report.weights.version},
        "criteria": _by_code(report.proposed),
        **preview_view(report.preview, report.words),
    }


def learn_report_view(report: LearnReport) -> View:
    learned = report.learned
    return {
        "weights": {"name": report.weights.name, "version": report.weights.version},
        "enough": learned.proposal is not None,
        "verdict": learned.verdict,
        "minimum": dict(MINIMUM),
        "missing": dict(learned.missing),
        "decisions": learned.decisions,
        "needs": learned.needs,
        "orders": dict(learned.orders),
        "order_labels": dict(OUTCOME_LABELS),
        "present": _by_code(present_shares(report.weights)),
        "proposal": _proposal_view(learned.proposal, report.words) if learned.proposal else None,
    }


def _proposal_view(proposal: Proposal, words: Words) -> View:
    held = proposal.held_out
    return {
        "criteria": dict(proposal.weights),
        "labels": {code: each.label for code, each in CRITERIA.items()},
        "intervals": {code: list(bounds) for code, bounds in proposal.intervals.items()},
        "held_out": {
            "folds": held.folds,
            "log_loss_present": round(held.present, DECIMALS),
            "log_loss_proposed": round(held.proposed, DECIMALS),
            "gain": round(held.gain, DECIMALS),
            "standard_error": round(held.standard_error, DECIMALS),
            "better": held.better,
        },
        "preview": preview_view(proposal.preview, words),
    }


def preview_view(found: Preview, words: Words) -> View:
    return {
        "decisions": found.decisions,
        "without_candidates": found.without_candidates,
        "changed": found.changed,
        "acceptance_from": found.acceptance_from,
        "before": _outlook_view(found.before),
        "after": _outlook_view(found.after),
        "examples": [_example_view(each, words) for each in found.examples],
    }


def _outlook_view(outlook: Outlook) -> View:
    return {
        "mean_distance_km": _rounded(outlook.mean_distance_km),
        "load_gini": _rounded(outlook.load_gini),
        "expected_acceptance": _rounded(outlook.expected_acceptance),
        "mean_load": _rounded(outlook.mean_load),
        "values": {code: _rounded(value) for code, value in outlook.values.items()},
        "uncertain": outlook.uncertain,
    }


def _example_view(example: Example, words: Words) -> View:
    decision = example.scene.decision
    return {
        "need_id": decision.need_id,
        "text": words.texts.get(decision.need_id, ""),
        "at": decision.at,
        "before": _first_view(example.scene, example.before, words),
        "after": _first_view(example.scene, example.after, words),
        "change": example.change,
    }


def _first_view(scene: Scene, first: First, words: Words) -> View:
    ref = scene.decision.refs[first.row]
    kind, _, id = ref.partition(":")
    distance = float(scene.distance_km[first.row])
    return {
        "provider": {"kind": kind, "id": id, "name": words.names[ref]},
        "distance_km": None if isnan(distance) else distance,
        "exact": first.exact,
    }


def _by_code(shares: Any) -> Mapping[str, float]:
    return {code: round(float(share), DECIMALS) for code, share in zip(CRITERIA, shares, strict=True)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def weights_view(weights: Weights) -> View:
    return {
        "name": weights.name,
        "version": weights.version,
        "criteria": dict(weights.criteria),
        "labels": {code: each.label for code, each in CRITERIA.items()},
        "changed_at": weights.changed_at,
        "changed_by": weights.changed_by,
        "reason": weights.reason,
        "applies_to": scope_fact(weights.applies_to),
    }
