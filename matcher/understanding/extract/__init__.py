"""What else a text says besides the service items: when, how many helpers, which helpers, for whom, where, and what is not meant."""

from dataclasses import dataclass

from matcher.understanding.extract.constraints import SILENT, WishReader
from matcher.understanding.extract.negation import NOTHING, Negation
from matcher.understanding.extract.people_meant import NOBODY, GroupReader


@dataclass(frozen=True, slots=True)
class Extractor:
    """The readers that need words of the lexicon; without one, nothing is found."""

    negation: Negation = NOTHING
    wishes: WishReader = SILENT
    people: GroupReader = NOBODY


PLAIN = Extractor()
__all__ = ["PLAIN", "Extractor"]
