"""Words to meaning: the one door to understanding, for needs and for what providers say they can do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from matcher.catalogue import Catalogue
from matcher.understanding.alike import Gist, gist_of
from matcher.understanding.extract import PLAIN, Extractor
from matcher.understanding.extract.helpers import helpers
from matcher.understanding.extract.times import missed, window
from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model, softmax
from matcher.understanding.normalise import Normaliser
from matcher.understanding.several import parts
from matcher.understanding.terms import TermFinder
from models.provider import P, ServiceConfidence
from models.schedule import Window
from models.understanding import Constraints, Understanding

# A text without a single letter or character of a word says nothing, whatever the model makes of its punctuation.
A_WORD = re.compile(r"[a-z\u3400-\u9fff]")
MOST_SERVICES = 8
LEAST_CONFIDENCE = 0.01
# From here on an item's usual number of helpers is taken: to ask for one too few costs less than to send a need to review.
SURE_ENOUGH = 0.75
# How sure each of two unlike matters in one text must be: of 4 000 texts of the corpus 6 are then wrongly parted.
SURE_APART = 0.3
# A provider's text is a claim to every item from here on, not a contest with one winner.
LEAST_CLAIM = 0.02
# How alike, of 100, a skill must be to one in the catalogue to count as that one: one character of seven may differ.
LISTED_RATIO = 85


@dataclass(frozen=True, slots=True)
class Stated:
    """What the caller said outright; None is understood from the text."""

    urgency: int | None = None
    people: int | None = None
    window: Window | None = None
    constraints: Constraints | None = None


class Understander:
    """Pure and stateless after construction; ~1 ms a text."""

    def __init__(
        self, model: Model, catalogue: Catalogue, normaliser: Normaliser, featuriser: Featuriser, extractor: Extractor = PLAIN
    ) -> None:
        self._model, self._catalogue = model, catalogue
        self._normaliser, self._featuriser, self._extractor = normaliser, featuriser, extractor
        self._terms = TermFinder(model, featuriser)
        self._listed = [(normaliser.normalise(skill), item.code) for item in catalogue for skill in item.skills]
        self._listed_skills = [skill for skill, _ in self._listed]

    @property
    def version(self) -> str:
        return self._model.version

    @property
    def codes(self) -> frozenset[str]:
        """The service items that the model has learned to hear."""
        return frozenset(self._model.codes)

    def with_model(self, model: Model) -> "Understander":
        """The same words and catalogue read by another model; the dictionary is not loaded again."""
        return Understander(model, self._catalogue, self._normaliser, self._featuriser, self._extractor)

    def renewed(self) -> "Understander":
        """With the names of skills as the catalogue has them now."""
        return self.with_model(self._model)

    def gist(self, text: str) -> Gist:
        """The text made ready for comparing with others."""
        return gist_of(text, self._normaliser, self._featuriser)

    def understand(self, text: str, stated: Stated, at: datetime) -> Understanding:
        plain = self._normaliser.normalise(text)
        meant = self._extractor.negation.meant(plain)
        indices, values = self._model.vector(self._featuriser.features(plain))
        scores = self._scores(indices, values, plain, meant)
        services = self._likeliest(softmax(scores, 1.0)) if A_WORD.search(plain) else ()
        first = self._catalogue.get(services[0].code) if services else None
        certainty = self._model.certainty(scores)
        apart = self._apart(plain) if services else ()
        needs_review = not services or bool(apart) or certainty < self._model.review_below
        # The item's usual number is taken only where the item is sure: else a guess would ask for three people.
        usual = first.people if first and certainty >= SURE_ENOUGH else 1
        urgency = stated.urgency or (self._urgency(indices, values, scores) if services else 2)
        asked = stated.window or window(meant, at)
        return Understanding(
            services=services,
            urgency=urgency,
            people=stated.people or helpers(meant) or usual,
            window=asked,
            needs_review=needs_review,
            model_version=self._model.version,
            terms=self._terms.of_need(plain) if services else (),
            constraints=self._extractor.wishes.wishes(plain) if stated.constraints is None else stated.constraints,
            for_whom=self._extractor.people.groups(plain),
            rescue=self._extractor.rescue.numbers(meant, urgency),
            apart=apart,
            missed=None if asked else missed(meant, at),
        )

    def _apart(self, plain: str) -> tuple[str, ...]:
        """The first two items that the parts of a text are about and that have nothing to do with each other; most texts have one
        part and cost nothing here."""
        found = [self._first(part) for part in each] if len(each := parts(plain)) > 1 else []
        codes = dict.fromkeys(code for code, share in found if share >= SURE_APART and code in self._catalogue.position)
        pairs = ((one, other) for one, other in combinations(codes, 2) if not self._related(one, other))
        return next(pairs, ())

    def _first(self, text: str) -> tuple[str, float]:
        probabilities = softmax(self._model.items.scores(*self._model.vector(self._featuriser.features(text))), 1.0)
        place = int(np.argmax(probabilities))
        return self._model.codes[place], float(probabilities[place])

    def _related(self, one: str, other: str) -> bool:
        first, second = self._catalogue.get(one), self._catalogue.get(other)
        return first is None or second is None or other in first.related or one in second.related

    def plain(self, text: str) -> str:
        """The normalised text, for readers that stand outside."""
        return self._normaliser.normalise(text)

    def mapped(self, provider: P) -> P:
        """The provider with what their skills and bio are now taken to mean: service items, telling words and languages."""
        skills, bio = [self.plain(skill) for skill in provider.skills], self.plain(provider.bio)
        return replace(
            provider,
            services=self.map_services(provider.skills, provider.bio),
            terms=self._terms.of_provider(skills, bio),
            languages_read=self._extractor.wishes.spoken(skills, bio),
            model_version=self._model.version,
        )

    def map_services(self, skills: Sequence[str], bio: str) -> tuple[ServiceConfidence, ...]:
        """The items that a provider's own words give evidence for, each as strong as its best phrase."""
        strongest = np.zeros(len(self._model.codes))
        whole = "，".join([*skills, bio])
        for phrase in dict.fromkeys([*skills, bio, whole]):
            indices, values = self._vector(phrase)
            if len(indices):
                strongest = np.maximum(strongest, self._claims(indices, values))
        claims = {code: claim for code, claim in zip(self._model.codes, strongest.tolist(), strict=True) if claim >= LEAST_CLAIM}
        for skill in skills:
            for code, confidence in self._listed_matches(skill):
                claims[code] = max(claims.get(code, 0.0), confidence)
        place = self._catalogue.position
        known = sorted((code for code in claims if code in place), key=lambda code: (-claims[code], place[code]))
        return tuple(ServiceConfidence(code, round(claims[code], 4)) for code in known)

    def _listed_matches(self, skill: str) -> list[tuple[str, float]]:
        """Items whose list of skills holds this phrase, or one that differs from it by a slip of the pen; also such as the model has
        not learned yet."""
        plain = self._normaliser.normalise(skill)
        matches = process.extract(plain, self._listed_skills, scorer=fuzz.ratio, score_cutoff=LISTED_RATIO, limit=5)
        return [(self._listed[place][1], score / 100) for _, score, place in matches]

    def _claims(self, indices: NDArray[np.intp], values: NDArray[np.float32]) -> NDArray[np.float64]:
        return softmax(self._model.items.scores(indices, values), self._model.provider_temperature)

    def _vector(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        return self._model.vector(self._featuriser.features(self._normaliser.normalise(text)))

    def _likeliest(self, probabilities: NDArray[np.float64]) -> tuple[ServiceConfidence, ...]:
        order = np.argsort(-probabilities, kind="stable")[:MOST_SERVICES]
        return tuple(
            ServiceConfidence(self._model.codes[place], round(float(probabilities[place]), 4))
            for place in order
            if probabilities[place] >= LEAST_CONFIDENCE and self._model.codes[place] in self._catalogue.position
        )

    def _scores(self, indices: NDArray[np.intp], values: NDArray[np.float32], plain: str, meant: str) -> NDArray[np.float64]:
        """What the text negates counts half: mean of the scores with and without it. Left out altogether it does harm, for
        what it is not often says what it is near to ("不是灯坏了，是那块牌子不亮"); measured in the README."""
        scores = self._model.items.scores(indices, values)
        if meant == plain:
            return scores
        return (scores + self._model.items.scores(*self._model.vector(self._featuriser.features(meant)))) / 2

    def _urgency(self, indices: NDArray[np.intp], values: NDArray[np.float32], scores: NDArray[np.float64]) -> int:
        """The level of least expected harm: to take a danger for a trifle is worse than the reverse. The words tell, and the items
        that they mean."""
        by_item = (softmax(scores, 1.0) @ self._model.item_urgency) ** ITEM_SAYS
        probabilities = softmax(self._model.urgency.scores(indices, values), 1.0) * by_item
        return int(np.argmin(probabilities @ HARM)) + 1


# HARM[true - 1, said - 1]: understating weighs more with each level.
HARM = np.asarray([[0.0, 1.0, 3.0, 6.0], [1.0, 0.0, 1.2, 3.5], [4.0, 1.6, 0.0, 1.0], [48.0, 28.0, 1.2, 0.0]])
# How far the item is believed beside the words: both come from the same text, so that their whole product would count it twice.
ITEM_SAYS = 0.7
