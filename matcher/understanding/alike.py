"""Whether two texts tell of the same thing: their words, and the concepts behind the words, since neighbours seldom use the same ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from matcher.understanding.features import Featuriser
from matcher.understanding.normalise import Normaliser
from models.provider import ServiceConfidence

# Concepts tell neighbours' words for one thing from words that merely look alike: weighed on our own pairs, see the tests.
CONCEPTS_SHARE = 0.6
# Of all that either may mean, as much at least must be what both may mean.
LEAST_IN_COMMON = 0.15
LEAST_ALIKE = 0.36
# One resident who asks twice within days mostly asks for the same.
LEAST_ALIKE_OF_ONE_RESIDENT = 0.25


@dataclass(frozen=True, slots=True)
class Gist:
    """A text made ready for comparing: ~0.5 ms to make, ~5 µs to compare."""

    plain: str
    words: str
    concepts: frozenset[str]


def gist_of(text: str, normaliser: Normaliser, featuriser: Featuriser) -> Gist:
    plain = normaliser.normalise(text)
    return Gist(plain, " ".join(featuriser.words(plain)), frozenset(featuriser.lexicon.concepts(plain)))


def likeness(one: Gist, other: Gist) -> float:
    """0 to 1. Words: the better of token-set and partial ratio (rapidfuzz); concepts: the share that both have (Jaccard)."""
    words = max(fuzz.token_set_ratio(one.words, other.words), fuzz.partial_ratio(one.plain, other.plain)) / 100
    all_concepts = one.concepts | other.concepts
    shared = len(one.concepts & other.concepts) / len(all_concepts) if all_concepts else 0.0
    return CONCEPTS_SHARE * shared + (1 - CONCEPTS_SHARE) * words


def services_in_common(one: Iterable[ServiceConfidence], other: Iterable[ServiceConfidence]) -> dict[str, float]:
    """The items that both may mean, the likeliest first, each as likely as where it is less so."""
    theirs = {service.code: service.confidence for service in other}
    common = {service.code: min(service.confidence, theirs[service.code]) for service in one if service.code in theirs}
    return dict(sorted(common.items(), key=lambda each: -each[1]))


def seem_one(common: Mapping[str, float], alike: float, *, same_resident: bool = False) -> bool:
    """Whether two needs of one place are worth a person's look. `common` as of services_in_common, `alike` as of likeness."""
    least = LEAST_ALIKE_OF_ONE_RESIDENT if same_resident else LEAST_ALIKE
    return sum(common.values()) >= LEAST_IN_COMMON and alike >= least
