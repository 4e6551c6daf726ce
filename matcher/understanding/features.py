"""What of a sentence the models see: character n-grams, jieba words, syllable pairs that survive homophone typos, and concepts."""

import logging
from collections.abc import Iterable
from itertools import pairwise

import jieba
from pypinyin import lazy_pinyin

from matcher.understanding.lexicon import EMPTY, Lexicon
from models.provider import CONCEPT

LONGEST_GRAM = 3


class Featuriser:
    """Loading jieba's dictionary takes ~1 s, once a process; after that ~0.4 ms a sentence of thirty characters."""

    def __init__(self, words: Iterable[str] = (), lexicon: Lexicon = EMPTY) -> None:
        """`words` join jieba's dictionary."""
        self.lexicon = lexicon
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.initialize()
        for word in words:
            if 2 <= len(word) <= 6:
                self._tokenizer.add_word(word)

    def words(self, text: str) -> list[str]:
        return [word for word in self._tokenizer.cut(text) if word.strip()]

    def parts(self, text: str) -> list[str]:
        """Words, and the shorter words within long ones: "高中化学" gives "化学" too."""
        return [word for word in self._tokenizer.cut_for_search(text) if word.strip()]

    def features(self, text: str) -> list[str]:
        """Of normalised text; each feature once, in a fixed order. A prefix tells the families apart."""
        found = dict.fromkeys(
            text[at : at + length] for length in range(1, LONGEST_GRAM + 1) for at in range(len(text) - length + 1)
        )
        found.update(dict.fromkeys("w:" + word for word in self.words(text)))
        syllables = lazy_pinyin(text)
        found.update(dict.fromkeys(f"p:{first}_{second}" for first, second in pairwise(syllables)))
        found.update(dict.fromkeys(CONCEPT + concept for concept in self.lexicon.concepts(text)))
        return list(found)
