"""The telling words of a text: what the service items are too coarse for, since a chemistry need and an English tutor share one."""

import re
from collections.abc import Mapping, Sequence

from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model
from models.provider import CONCEPT, Term

WORD = "w:"
# A longer run of letters is no word but an address or a slip of a hand on the keys.
A_TERM = re.compile(r"[a-z\u3400-\u9fff]{2,12}")
HEAVIEST = 255
# As parts of the model's largest idf. Commoner words ("老人", "孩子") tell nothing; one the corpus never saw may be a name or a slip.
LEAST, UNSEEN = 0.5, 0.8
# The model keeps a concept's idf halved; as evidence a concept measured best at its whole idf.
CONCEPT_LIFT = 2.0
# What a provider tells of their life says less of what they can do than the skills they list.
BIO_PART = 0.4
MOST_OF_NEED, MOST_OF_PROVIDER = 12, 8


class TermFinder:
    """The weights are the idf frozen with the model: a document that is added or changed moves nobody else's."""

    def __init__(self, model: Model, featuriser: Featuriser) -> None:
        self._model, self._featuriser = model, featuriser
        self._largest = float(model.idf.max()) if len(model.idf) else 1.0

    def of_need(self, plain: str) -> tuple[Term, ...]:
        """Of normalised text, heaviest first; ~0.5 ms."""
        return _heaviest(self._weights(plain), MOST_OF_NEED)

    def of_provider(self, skills: Sequence[str], bio: str) -> tuple[Term, ...]:
        """Of normalised texts, heaviest first."""
        weights = {word: BIO_PART * weight for word, weight in self._weights(bio).items()}
        return _heaviest(weights | self._weights("，".join(skills)), MOST_OF_PROVIDER)

    def _weights(self, plain: str) -> dict[str, float]:
        lexicon = self._featuriser.lexicon
        texts = dict.fromkeys((plain, lexicon.reading(plain)))
        words = dict.fromkeys(word for text in texts for word in self._featuriser.parts(text) if A_TERM.fullmatch(word))
        found = {word: weight for word in words if (weight := self._weight(WORD + word, UNSEEN)) >= LEAST}
        for concept in lexicon.concepts(plain):
            found[CONCEPT + concept] = min(1.0, CONCEPT_LIFT * self._weight(CONCEPT + concept, 0.0))
        return found

    def _weight(self, feature: str, unseen: float) -> float:
        place = self._model.vocabulary.get(feature)
        return unseen if place is None else float(self._model.idf[place]) / self._largest


def _heaviest(weights: Mapping[str, float], most: int) -> tuple[Term, ...]:
    ordered = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:most]
    return tuple(Term(word, round(HEAVIEST * weight)) for word, weight in ordered if round(HEAVIEST * weight))
