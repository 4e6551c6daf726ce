"""What one entry of the log says beside who, what and when: its facts in words."""

from collections.abc import Mapping
from typing import Any

from api.console.words import between, label
from matcher.dispatch.context import Context
from models.account import ProviderRef
from models.event import Event
from models.schedule import Window
from models.vocabulary import URGENCY_LABELS, ProviderKind, Role

RESIDENT = "resident"
NAMED = {"provider_name": "", "unit": "", "region_name": "升到", "department_name": "转给", "username": "账号"}


def changes(event: Event, context: Context) -> list[tuple[str, str, str]]:
    """Of a need that was put right: what was changed, from what, to what. Empty for everything else."""
    before, after = event.facts.get("before"), event.facts.get("after")
    if event.action != "need.corrected" or not before or not after:
        return []
    told = [(was, new) for was, new in zip(_reading(before, context), _reading(after, context), strict=True) if was != new]
    return [(name, was, new) for (name, was), (_, new) in told]


def _reading(facts: Mapping[str, Any], context: Context) -> list[tuple[str, str]]:
    window = facts.get("window")
    when = between(Window(window["from"], window["to"]), context.now()) if window else "没有说定"
    return [
        ("事项", "、".join(context.catalogue.name_of(code) for code in facts["services"]) or "没听懂"),
        ("急不急", URGENCY_LABELS.get(facts["urgency"], "")),
        ("几个人", f"{facts['people']} 人"),
        ("时间", when),
    ]


def behalf(event: Event, context: Context) -> str:
    """For whom it was done, by name: empty where somebody acted for themself."""
    kind, _, id = (event.on_behalf_of or "").partition(":")
    if kind not in set(ProviderKind):
        return label(Role.RESIDENT) if kind == RESIDENT else kind
    columns = context.columns
    row = columns.row_of.get(ProviderRef(ProviderKind(kind), id))
    return label(ProviderKind(kind)) if row is None else columns.name_at(row)


def particulars(event: Event) -> list[str]:
    """Whom and what it was about, in a few words each."""
    found = [f"{words} {event.facts[name]}".strip() for name, words in NAMED.items() if event.facts.get(name)]
    if "version" in event.facts:
        found.append(f"第 {event.facts['version']} 版")
    if "score" in event.facts:
        found.append(f"{event.facts['score']} 分，{'解决了' if event.facts.get('resolved') else '没有解决'}")
    return found
