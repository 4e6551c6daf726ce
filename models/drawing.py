"""The transition tables as drawings (Mermaid state diagrams): README shows what this gives, and a test holds the two equal."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from models.need_states import FINAL, NEED_ACTION_LABELS, NEED_STATUS_LABELS, NEED_TRANSITIONS, NeedAction, NeedStatus
from models.order import ORDER_ACTION_LABELS, ORDER_STATUS_LABELS, ORDER_TRANSITIONS, OrderStatus
from models.whistle_states import (
    UNIT_ACTION_LABELS,
    UNIT_STATUS_LABELS,
    UNIT_TRANSITIONS,
    WHISTLE_ACTION_LABELS,
    WHISTLE_STATUS_LABELS,
    WHISTLE_TRANSITIONS,
    UnitStatus,
    WhistleStatus,
)

UNDRAWN = frozenset({NeedAction.CANCEL, NeedAction.SUSPEND, NeedAction.RESUME, NeedAction.CORRECT})
Edge = tuple[StrEnum, StrEnum, str]


def draw_order() -> str:
    leaving = {start for start, _ in ORDER_TRANSITIONS}
    edges = [(start, end, ORDER_ACTION_LABELS[action]) for (start, action), end in ORDER_TRANSITIONS.items()]
    return _draw(ORDER_STATUS_LABELS, OrderStatus.OFFERED, edges, [each for each in OrderStatus if each not in leaving])


def draw_need() -> str:
    """Ways that stay where they are, and those that lead away from nearly everywhere (UNDRAWN), are left to the tables."""
    edges = [
        (start, end, NEED_ACTION_LABELS[action])
        for action, ways in NEED_TRANSITIONS.items()
        if action not in UNDRAWN
        for start, ends in ways.items()
        if start != NeedStatus.SUSPENDED
        for end in NeedStatus
        if end in ends and end != start
    ]
    drawn = {status for start, end, _ in edges for status in (start, end)}
    labels = {status: label for status, label in NEED_STATUS_LABELS.items() if status in drawn}
    return _draw(labels, NeedStatus.OPEN, edges, [each for each in NeedStatus if each in FINAL & drawn])


def draw_whistle() -> str:
    edges = [(start, end, WHISTLE_ACTION_LABELS[action]) for (start, action), end in WHISTLE_TRANSITIONS.items()]
    return _draw(WHISTLE_STATUS_LABELS, WhistleStatus.OPEN, edges, [WhistleStatus.CLOSED])


def draw_called_unit() -> str:
    """The end of each is the whistle's: no unit has a way out of its own."""
    edges = [(start, end, UNIT_ACTION_LABELS[action]) for (start, action), end in UNIT_TRANSITIONS.items()]
    last = [each for each in UnitStatus if each != UnitStatus.CALLED]
    return _draw(UNIT_STATUS_LABELS, UnitStatus.CALLED, edges, last)


def _draw(labels: Mapping[Any, str], first: StrEnum,
          edges: Iterable[Edge], last: Iterable[StrEnum]) -> str:  # fmt: skip
    said: dict[tuple[StrEnum, StrEnum], list[str]] = {}
    for start, end, label in edges:
        said.setdefault((start, end), []).append(label)
    lines = ["stateDiagram-v2"]
    lines += [f"    {status}: {label} {status}" for status, label in labels.items()]
    lines.append(f"    [*] --> {first}")
    lines += [f"    {start} --> {end}: {'、'.join(dict.fromkeys(words))}" for (start, end), words in said.items()]
    lines += [f"    {status} --> [*]" for status in last]
    return "\n".join(lines)
