"""Versions of the model as answers."""

from api.views.shared import View
from models.model_version import ModelInUse, ModelVersion


def models_view(versions: list[ModelVersion], in_use: ModelInUse) -> View:
    return {
        "in_use": in_use.version,
        "before": in_use.trail,
        "changed_at": in_use.changed_at,
        "changed_by": in_use.changed_by,
        "versions": [model_version_view(each) for each in versions],
    }


def model_version_view(version: ModelVersion) -> View:
    return {
        "version": version.id,
        "name": version.name,
        "made_at": version.made_at,
        "made_by": version.made_by,
        "examples": version.examples,
        "learned_until": version.learned_until,
        "note": version.note,
        "report": version.report,
    }
