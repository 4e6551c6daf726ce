"""组队: a team found as a whole. Pure: members in, the best team that has time together out, or why there is none."""

from dataclasses import dataclass

from models.account import ProviderRef
from models.dispatching import TeamRole
from models.schedule import WEEK_MINUTES, Slot, Window

# A team needs so long together, or all of a shorter window. The search looks at so many of each role's best.
TOGETHER_MINUTES = 60
BREADTH = 12
ALWAYS = (1 << WEEK_MINUTES) - 1

# Minutes of the week as the bits of a number: what two have in common is one operation.
Minutes = int


@dataclass(frozen=True, slots=True)
class Member:
    ref: ProviderRef
    score: float
    free: Minutes


@dataclass(frozen=True, slots=True)
class Team:
    """In the order of the roles."""

    members: tuple[ProviderRef, ...]
    score: float


def free_minutes(slots: tuple[Slot, ...]) -> Minutes:
    """Who named no hours is free at all of them."""
    if not slots:
        return ALWAYS
    free = 0
    for slot in slots:
        start, end = slot.week_minutes
        free |= ((1 << (end - start)) - 1) << start
    return free


def within(window: Window | None) -> Minutes:
    if window is None:
        return ALWAYS
    minutes = 0
    for start, end in window.week_segments():
        minutes |= ((1 << (end - start)) - 1) << start
    return minutes


def have_together(free: Minutes, least: int) -> bool:
    """Whether there is a stretch of so many free minutes, by doubling: after a step of n every bit stands for n in a row."""
    length = 1
    while length < least and free:
        step = min(length, least - length)
        free &= free >> step
        length += step
    return free > 0


def together_minutes(window: Window | None) -> int:
    return TOGETHER_MINUTES if window is None else max(1, min(TOGETHER_MINUTES, int(window.minutes)))


def find_team(roles: tuple[TeamRole, ...], members: list[list[Member]], window: Window | None) -> Team | None:
    """The team of greatest summed score whose members are different people with time together inside the window.

    Depth first over each role's best; a branch that cannot beat the best team found is cut. At most BREADTH to the power of the
    roles, in practice a few dozen.
    """
    least = together_minutes(window)
    chances = [max((each.score for each in ranked), default=0.0) for ranked in members]
    found: list[Team] = []

    def search(at: int, chosen: tuple[Member, ...], free: Minutes, score: float) -> None:
        if found and score + sum(chances[at:]) <= found[-1].score:
            return
        if at == len(roles):
            found.append(Team(tuple(each.ref for each in chosen), score))
            return
        taken = {each.ref for each in chosen}
        for each in members[at][:BREADTH]:
            common = free & each.free
            if each.ref not in taken and have_together(common, least):
                search(at + 1, (*chosen, each), common, score + each.score)

    search(0, (), within(window), 0.0)
    return found[-1] if found else None


def why_no_team(roles: tuple[TeamRole, ...], members: list[list[Member]]) -> str:
    """Which role nobody can take; else that those who can are never free together."""
    empty = [role.name for role, ranked in zip(roles, members, strict=True) if not ranked]
    if empty:
        return f"范围内没有人能担任：{'、'.join(empty)}"
    return "每个角色都有人，但凑不出共同的时间"
