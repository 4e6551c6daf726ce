"""What was understood of a text, as an answer."""

from api.views.shared import View, services_view, window_view
from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.ranking.traits import missing_traits
from models.understanding import Constraints, Reading, Understanding
from models.vocabulary import TargetGroup, label

MOST_OFFERED = 3


def constraints_view(constraints: Constraints) -> View:
    return {
        "gender": constraints.gender,
        "languages": constraints.languages,
        "party_member": constraints.party_member,
        "labels": missing_traits(constraints, 0),
    }


def groups_view(groups: tuple[TargetGroup, ...]) -> list[View]:
    return [{"code": group, "name": label(group)} for group in groups]


def understanding_view(understanding: Understanding, context: Context) -> View:
    """`offered` are the likeliest items of what needs a person's look: what that person chooses from."""
    services = services_view(understanding.services, context.catalogue)
    return {
        "services": services,
        "urgency": understanding.urgency,
        "people": understanding.people,
        "window": window_view(understanding.window),
        "constraints": constraints_view(understanding.constraints),
        "for_whom": groups_view(understanding.for_whom),
        "places": [
            {
                "code": each.code,
                "name": context.regions.full_name(each.code),
                "confidence": each.confidence,
                "inside": each.inside,
            }
            for each in understanding.places
        ],
        "rescue": [{"number": number, "label": label(number)} for number in understanding.rescue],
        "apart": [{"code": code, "name": context.catalogue.name_of(code)} for code in understanding.apart],
        "missed": window_view(understanding.missed),
        "needs_review": understanding.needs_review,
        "offered": services[:MOST_OFFERED] if understanding.needs_review else [],
        "model_version": understanding.model_version,
        "corrected_by": understanding.corrected_by,
        "corrected_at": understanding.corrected_at,
        "said": reading_view(understanding.said, context.catalogue),
    }


def reading_view(said: Reading | None, catalogue: Catalogue) -> View | None:
    if said is None:
        return None
    return {
        "services": services_view(said.services, catalogue),
        "urgency": said.urgency,
        "people": said.people,
        "window": window_view(said.window),
    }
