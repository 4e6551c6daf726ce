"""What of a sentence the models see: character n-grams, jieba words, syllable pairs that survive homophone typos, and concepts."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from pypinyin import lazy_pinyin

from matcher.understanding.dictionary import tokenizer
from matcher.understanding.lexicon import EMPTY, Lexicon
from models.provider import CONCEPT

LONGEST_GRAM = 3


class Featuriser:
    """Loading jieba's dictionary takes ~0.4 s, once a process; after that ~0.4 ms a sentence of thirty characters."""

    def __init__(self, words: Iterable[str] = (), lexicon: Lexicon = EMPTY) -> None:
        """`words` join jieba's dictionary."""
        self.lexicon = lexicon
        self._tokenizer = tokenizer()
        for word in words:
            if 2 <= len(word) <= 6:
                self._tokenizer.add_word(word)

    def words(self, text: str) -> list[str]:
        return [word for word in self._tokenizer.cut(text) if word.strip()]

    def parts(self, text: str) -> list[str]:
        """Words, and the shorter words within long ones: "高中化学" gives "化学" too."""
        return [word for word in self._tokenizer.cut_for_search(text) if word.strip()]

    def features(self, text: str, words: Iterable[str] = ()) -> dict[str, int]:
        """Of normalised text: how often each feature occurs, in a fixed order; a prefix tells the families apart.
        `words` are words of the text that somebody else cut: they count beside our own."""
        found = Counter(text[at : at + length] for length in range(1, LONGEST_GRAM + 1) for at in range(len(text) - length + 1))
        found |= Counter("w:" + word for word in self.words(text)) | Counter("w:" + word for word in words)
        found.update(f"p:{first}_{second}" for first, second in pairwise(lazy_pinyin(text)))
        found.update(CONCEPT + concept for concept in self.lexicon.concepts(text))
        return dict(found)
