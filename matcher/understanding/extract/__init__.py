"""What else a text says besides the service items: when, how many helpers, which helpers, for whom, where, what is not meant, and whom
to ring first."""

from dataclasses import dataclass

from matcher.understanding.extract.constraints import SILENT, WishReader
from matcher.understanding.extract.negation import NOTHING, Negation
from matcher.understanding.extract.people_meant import NOBODY, GroupReader
from matcher.understanding.extract.rescue import SILENT_RESCUE, RescueReader


@dataclass(frozen=True, slots=True)
class Extractor:
    """The readers that need words of the lexicon; without one, nothing is found."""

    negation: Negation = NOTHING
    wishes: WishReader = SILENT
    people: GroupReader = NOBODY
    rescue: RescueReader = SILENT_RESCUE


PLAIN = Extractor()
__all__ = ["PLAIN", "Extractor"]
