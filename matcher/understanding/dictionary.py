"""jieba's own dictionary, read faster than jieba reads it and without its cache file in the shared temporary directory."""

from functools import cache

import jieba


@cache
def _counts() -> tuple[dict[str, int], int]:
    with jieba.get_dict_file() as file:
        cells = file.read().decode().split()
    words, counts = cells[0::3], [int(cell) for cell in cells[1::3]]
    known: dict[str, int] = {}
    longer, length = words, 1
    while longer := [word for word in longer if len(word) > length]:
        known.update(dict.fromkeys([word[:length] for word in longer], 0))
        length += 1
    known.update(zip(words, counts, strict=True))
    return known, sum(counts)


def tokenizer() -> jieba.Tokenizer:
    """Cuts as a fresh `jieba.Tokenizer()` does; words may be added to it without touching others. ~0.4 s, once a process."""
    made = jieba.Tokenizer()
    known, made.total = _counts()
    made.FREQ = known.copy()
    made.initialized = True
    return made
