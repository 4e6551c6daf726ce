"""A labelled text, as the corpus, a city's history and the corrections give it."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.service_item import ServiceItem

# The writer of what the catalogue itself says: always learned from, never asked.
CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Example:
    """`codes[0]` is the item meant first; `urgency` None where nobody judged it, as for what a provider says of themself.

    `words` are those of a text that came already cut into words: it is then read by them beside our own cut.
    """

    text: str
    codes: tuple[str, ...]
    writer: str
    urgency: int | None = None
    people: int | None = None
    words: tuple[str, ...] = ()


def catalogue_examples(items: Iterable[ServiceItem]) -> list[Example]:
    """What each item is called, covers, takes and gives as examples: texts that stand for it."""
    return [
        Example(text, (item.code,), CATALOGUE)
        for item in items
        for text in dict.fromkeys((item.name, item.covers, *item.skills, *item.examples))
        if text
    ]
