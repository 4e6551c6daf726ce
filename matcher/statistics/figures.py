"""What is shown of a row's sums: each figure with its Chinese label; a share is null where there is nothing to take it of."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.statistics import Sums

Value = int | float | None


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    label: str
    kind: Kind
    of: Callable[[Sums], Value]


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


# The first ten tell the story; those after them are what the shares are taken of.
FIGURES: tuple[Figure, ...] = (
    Figure("posted", "点单", Kind.COUNT, lambda sums: sums.posted),
    Figure("finished", "办结", Kind.COUNT, lambda sums: sums.finished),
    Figure("judged", "评价", Kind.COUNT, lambda sums: sums.judged),
    Figure("responded_rate", "响应率", Kind.SHARE, lambda sums: share(sums.responded, sums.judged)),
    Figure("resolved_rate", "解决率", Kind.SHARE, lambda sums: share(sums.resolved, sums.judged)),
    Figure("satisfied_rate", "满意率", Kind.SHARE, lambda sums: share(sums.satisfied, sums.judged)),
    Figure("on_time_rate", "按时办结率", Kind.SHARE, lambda sums: share(sums.kept, sums.clocked)),
    Figure("returned_rate", "退单率", Kind.SHARE, lambda sums: share(sums.returned, sums.accepted)),
    Figure("redone_rate", "重办率", Kind.SHARE, lambda sums: share(sums.redone, sums.delivered)),
    Figure("service_hours", "服务时长（小时）", Kind.HOURS, lambda sums: round(sums.minutes / 60, 1)),
    Figure("responded", "有响应", Kind.COUNT, lambda sums: sums.responded),
    Figure("resolved", "已解决", Kind.COUNT, lambda sums: sums.resolved),
    Figure("satisfied", "满意", Kind.COUNT, lambda sums: sums.satisfied),
    Figure("clocked", "时限已见分晓", Kind.COUNT, lambda sums: sums.clocked),
    Figure("kept", "按时办结", Kind.COUNT, lambda sums: sums.kept),
    Figure("delivered", "办结过", Kind.COUNT, lambda sums: sums.delivered),
    Figure("redone", "重办", Kind.COUNT, lambda sums: sums.redone),
    Figure("accepted", "接单", Kind.COUNT, lambda sums: sums.accepted),
    Figure("returned", "退单", Kind.COUNT, lambda sums: sums.returned),
    Figure("served", "已确认的服务", Kind.COUNT, lambda sums: sums.served),
)
MAIN_FIGURES = FIGURES[:10]


def values(sums: Sums) -> dict[str, Value]:
    return {figure.name: figure.of(sums) for figure in FIGURES}
