"""One spelling for what people write in many: full width, traditional characters, case, spaces, dialect words, courtesy chatter."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from opencc import OpenCC

SPACES = re.compile(r"\s+")
LONGEST = 2000


class Normaliser:
    """Built once: OpenCC's tables and the lexicons' patterns take ~0.1 s to load. `normalise` costs ~0.1 ms a sentence."""

    def __init__(self, dialect: Mapping[str, str] | None = None, chatter: Iterable[str] = ()) -> None:
        self._to_simplified = OpenCC("t2s")
        self._dialect = dict(dialect or {})
        self._dialect_pattern = _any_of(self._dialect)
        self._chatter_pattern = _any_of(chatter)

    def simplify(self, text: str) -> str:
        """NFKC, simplified characters, lower case, single spaces: the spelling only, every word stays."""
        text = unicodedata.normalize("NFKC", text[:LONGEST])
        if not text.isascii():
            text = self._to_simplified.convert(text)
        return SPACES.sub(" ", text).strip().lower()

    def normalise(self, text: str) -> str:
        """The simplified text with dialect words in standard Mandarin and courtesy phrases set aside."""
        text = self.simplify(text)
        if self._chatter_pattern:
            text = self._chatter_pattern.sub(" ", text)
        if self._dialect_pattern:
            text = self._dialect_pattern.sub(lambda match: self._dialect[match[0]], text)
        return SPACES.sub(" ", text).strip()


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that prefers the longest word."""
    ordered = sorted((word for word in words if word), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
