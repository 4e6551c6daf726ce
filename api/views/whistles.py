"""Whistles, squads, registrations and assessments as answers."""

from collections.abc import Mapping

from api.views.shared import View, event_view
from matcher.dispatch.context import Context
from matcher.dispatch.whistle.sight import WhistleFile
from models.account import ProviderRef
from models.assessment import Assessment, Counts
from models.called_unit import CalledUnit
from models.organisation import Organisation
from models.provider import Provider, ProviderSummary
from models.registration import REGISTRATION_KIND_LABELS, Registration
from models.squad import SQUAD_KIND_LABELS, Squad
from models.vocabulary import label
from models.whistle import Proposal, Whistle
from models.whistle_states import UNIT_STATUS_LABELS, WHISTLE_STATUS_LABELS


def whistle_line_view(whistle: Whistle, context: Context) -> View:
    return {
        "id": whistle.id,
        "region": whistle.region,
        "region_name": context.regions.full_name(whistle.region),
        "need": whistle.need_id,
        "text": whistle.text,
        "note": whistle.note,
        "status": whistle.status,
        "status_label": WHISTLE_STATUS_LABELS[whistle.status],
        "minutes": whistle.minutes,
        "units": [_called(each) for each in whistle.units],
        "called_at": whistle.called_at,
        "caller_name": whistle.caller_name,
        "proposal": _proposal(whistle.proposal) if whistle.proposal else None,
        "vetoes": [
            {"proposal": _proposal(each.proposal), "reason": each.reason, "by_name": each.by_name, "at": each.at}
            for each in whistle.vetoes
        ],
        "summary": whistle.summary,
        "closed_at": whistle.closed_at,
    }


def whistle_view(file: WhistleFile, phones: Mapping[ProviderRef, str], context: Context) -> View:
    events = [event_view(event, names_visible=True) for event in file.events]
    awaited = {str(ref): phone for ref, phone in phones.items()}
    return {**whistle_line_view(file.whistle, context), "phones": awaited, "events": events}


def squad_view(squad: Squad, context: Context) -> View:
    return {
        "id": squad.id,
        "name": squad.name,
        "kind": squad.kind,
        "kind_label": SQUAD_KIND_LABELS[squad.kind],
        "region": squad.region,
        "region_name": context.regions.full_name(squad.region),
        "members": [_named(each) for each in squad.members],
        "version": squad.version,
        "created_at": squad.created_at,
        "changed_at": squad.changed_at,
    }


def registration_view(registration: Registration, context: Context) -> View:
    return {
        "id": registration.id,
        "provider": _named(registration.provider),
        "community": registration.community,
        "community_name": context.regions.full_name(registration.community),
        "kind": registration.kind,
        "kind_label": REGISTRATION_KIND_LABELS[registration.kind],
        "since": registration.since,
    }


def assessment_view(assessment: Assessment, context: Context) -> View:
    return {
        "from": assessment.from_at,
        "to": assessment.to_at,
        "units": [{"unit": _named(unit), **_counts(counts)} for unit, counts in assessment.by_unit.items()],
        "communities": [
            {"community": code, "community_name": context.regions.full_name(code), **_counts(counts)}
            for code, counts in assessment.by_community.items()
        ],
    }


def unit_view(unit: Provider, context: Context) -> View:
    kind = label(unit.type) if isinstance(unit, Organisation) else label(unit.kind)
    named = {"kind": unit.kind, "id": unit.id, "name": unit.name}
    return {**named, "label": kind, "region": unit.region, "region_name": context.regions.full_name(unit.region)}


def _called(each: CalledUnit) -> View:
    return {
        "unit": _named(each.unit),
        "squad": {"id": each.squad.id, "name": each.squad.name} if each.squad else None,
        "status": each.status,
        "status_label": UNIT_STATUS_LABELS[each.status],
        "due_at": each.due_at,
        "reported_at": each.reported_at,
        "rating": each.rating.stars if each.rating else None,
        "remark": each.rating.remark if each.rating else "",
    }


def _proposal(proposal: Proposal) -> View:
    return {"unit": _named(proposal.unit), "summary": proposal.summary, "at": proposal.at}


def _counts(counts: Counts) -> View:
    return {
        "called": counts.called,
        "on_time": counts.on_time,
        "late": counts.late,
        "absent": counts.absent,
        "mean_minutes": counts.mean_minutes,
        "mean_rating": counts.mean_rating,
    }


def _named(provider: ProviderSummary) -> View:
    return {"kind": provider.kind, "id": provider.id, "name": provider.name}
