"""Choosing a community without a script: from the province down, a page a step."""

from dataclasses import dataclass

from models.place import COMMUNITY_LENGTH, Region, Regions, ancestry

STREET_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """`way` leads down to where one stands; `below` are the next steps, or, `last`, the communities to choose from."""

    way: list[Region]
    below: list[Region]
    last: bool


def choice_within(regions: Regions, code: str | None) -> Choice:
    """An unknown code begins at the top, and one below a street stands at its street."""
    here = regions.get(code[:STREET_LENGTH]) if code else None
    way = [found for each in reversed(ancestry(here.code)) if (found := regions.get(each))] if here else []
    below = regions.children(here.code if here else None)
    while len(below) == 1 and len(below[0].code) < COMMUNITY_LENGTH:
        way, below = [*way, below[0]], regions.children(below[0].code)
    return Choice(way, below, last=bool(way) and len(way[-1].code) == STREET_LENGTH)
