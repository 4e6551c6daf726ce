"""A second reader's labels beside the first's: the blind sample that they read, and how far they agree beyond chance."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from matcher.understanding.examples import Example

ONE_IN = 10


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What the second reader made of the text whose `text_id` is `id`; `codes[0]` is the item meant first."""

    id: str
    codes: tuple[str, ...]
    urgency: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """`item` and `urgency` are shares of `texts` in [0, 1]; `acceptable` counts a first item that the other named at all."""

    texts: int
    unknown: int
    item: float
    item_kappa: float
    acceptable: float
    urgency: float
    urgency_within_one: float
    urgency_kappa: float


def text_id(text: str) -> str:
    """Stays the same when lines move: the first twelve hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def blind_sample(examples: Sequence[Example], one_in: int = ONE_IN) -> list[tuple[str, str]]:
    """(id, text) of every tenth text, each item and writer in proportion, shuffled; the same corpus gives the same sample."""
    unique = {text_id(example.text): example for example in reversed(examples)}
    strata = sorted((example.codes[0], example.writer, id) for id, example in unique.items())
    chosen = [id for _code, _writer, id in strata[one_in // 2 :: one_in]]
    return [(id, unique[id].text) for id in sorted(chosen, key=lambda id: hashlib.sha256(id.encode()).digest())]


def agreement(examples: Sequence[Example], second: Sequence[Relabelled]) -> Agreement:
    """Raw agreement and Cohen's kappa (Cohen 1960) on the first item and on the urgency; texts that are no longer in the corpus
    are only counted."""
    first = {text_id(example.text): example for example in reversed(examples)}
    pairs = [(first[each.id], each) for each in second if each.id in first]
    items = [(one.codes[0], two.codes[0]) for one, two in pairs]
    levels = [(one.urgency, two.urgency) for one, two in pairs if one.urgency is not None]
    return Agreement(
        texts=len(pairs),
        unknown=len(second) - len(pairs),
        item=_share([one == two for one, two in items]),
        item_kappa=cohen_kappa(items),
        acceptable=_share([one.codes[0] in two.codes or two.codes[0] in one.codes for one, two in pairs]),
        urgency=_share([one == two for one, two in levels]),
        urgency_within_one=_share([abs(one - two) <= 1 for one, two in levels]),
        urgency_kappa=cohen_kappa(levels),
    )


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Agreement beyond what the two readers' habits alone would give; 1 when both always say the same one thing."""
    if not pairs:
        return 0.0
    observed = _share([one == two for one, two in pairs])
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(count * twos[label] for label, count in ones.items()) / len(pairs) ** 2
    return (observed - chance) / (1 - chance) if chance < 1 else 1.0


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths) if truths else 0.0
