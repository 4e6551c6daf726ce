"""What we know of words beyond the sentences: concepts, dialect and typed slips in standard Mandarin, courtesy that carries no need."""

import re
from collections.abc import Iterable, Mapping

LONGEST_CONCEPT_WORD = 8


class Lexicon:
    """Looks concepts up in a second, standard reading of the text: dialect words and typos replaced, chatter set aside."""

    def __init__(self, concepts: Mapping[str, Iterable[str]], standard: Mapping[str, str], chatter: Iterable[str]) -> None:
        self._concepts_of: dict[str, list[str]] = {}
        for concept, members in concepts.items():
            for member in members:
                self._concepts_of.setdefault(member, []).append(concept)
        self._longest = min(LONGEST_CONCEPT_WORD, max(map(len, self._concepts_of), default=0))
        self._standard = {**dict.fromkeys(chatter, " "), **standard}
        self._pattern = _any_of(self._standard)
        self.content = (
            tuple(sorted((word, *names) for word, names in self._concepts_of.items())),
            tuple(sorted(self._standard.items())),
        )

    def reading(self, text: str) -> str:
        """Of normalised text; where several words fit, the longest is replaced."""
        return self._pattern.sub(lambda match: self._standard[match[0]], text) if self._pattern else text

    def concepts(self, text: str) -> list[str]:
        """The concepts whose words occur in the text or in its standard reading, wherever they stand."""
        found: dict[str, None] = {}
        for each in dict.fromkeys((text, self.reading(text))):
            for length in range(1, self._longest + 1):
                for at in range(len(each) - length + 1):
                    found.update(dict.fromkeys(self._concepts_of.get(each[at : at + length], ())))
        return list(found)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted((word for word in words if word), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


EMPTY = Lexicon({}, {}, ())
