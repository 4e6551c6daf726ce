"""Whom to ring before anybody of the neighbourhood can come: 110, 119 or 120, by what the text tells."""

from collections.abc import Iterable, Mapping

from models.vocabulary import Rescue

# At this urgency the words alone decide; from the next on somebody is in danger, whatever the words.
TELLING_URGENCY, DANGER = 3, 4


class RescueReader:
    """`words` are the words that call for each number."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._words = [(Rescue(number), tuple(each)) for number, each in words.items()]

    def numbers(self, text: str, urgency: int) -> tuple[Rescue, ...]:
        """Of normalised text without what it negates. A danger that the words do not name gives all three: it is for the resident
        to choose."""
        if urgency < TELLING_URGENCY:
            return ()
        found = {number for number, words in self._words if any(word in text for word in words)}
        if not found and urgency >= DANGER:
            return tuple(Rescue)
        return tuple(number for number in Rescue if number in found)


SILENT_RESCUE = RescueReader({})
