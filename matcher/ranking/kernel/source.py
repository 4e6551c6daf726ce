"""The C text of the kernel: its parts behind the declarations and the numbers that it shares with the rest of the ranking."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from matcher.ranking import criteria
from matcher.ranking.blocks.figures import SLACK_KM
from matcher.ranking.blocks.order import CELL, WORD, WORDS_IN_CELL
from matcher.ranking.blocks.sketch import LAST_BITS, LEVELS, PARTS
from matcher.ranking.columns import KIND_PLACE
from matcher.ranking.eligibility import MIN_SKILL, NEIGHBOURS
from matcher.ranking.fields import FIELDS, LISTS
from matcher.ranking.kernel.layout import declarations
from matcher.ranking.query import MOST_WORK_EXPONENT
from matcher.ranking.scoring import UNITS
from models.place import EARTH_RADIUS_KM
from models.vocabulary import ProviderKind

PARTS_OF_TEXT = ("numbers.c", "blocks.c", "rows.c", "best.c")
CONSTANTS: dict[str, float | str] = {
    "WORD": WORD,
    "CELL": CELL,
    "WORDS_IN_CELL": WORDS_IN_CELL,
    "LEVELS": len(LEVELS),
    "LAST_BITS": LAST_BITS,
    "UNITS": UNITS,
    "PARTS": PARTS,
    "NEIGHBOURS": NEIGHBOURS,
    "SLACK_KM": SLACK_KM,
    "EARTH_RADIUS_KM": EARTH_RADIUS_KM,
    "DECAY_KM": criteria.DECAY_KM,
    "DISTANCE_PART": criteria.DISTANCE_PART,
    "UNKNOWN": criteria.UNKNOWN,
    "PRIOR_RATING": criteria.PRIOR_RATING,
    "PRIOR_COUNT": criteria.PRIOR_COUNT,
    "PRIOR_ACCEPTANCE": criteria.PRIOR_ACCEPTANCE,
    "PRIOR_ANSWERS": criteria.PRIOR_ANSWERS,
    "MOST_WORK_EXPONENT": MOST_WORK_EXPONENT,
    "MIN_SKILL": MIN_SKILL,
    "SOCIAL_WORKER": KIND_PLACE[ProviderKind.SOCIAL_WORKER],
    "NOT_KNOWN": FIELDS["lng"].blank,
    "DEGREE": FIELDS["lng"].per_unit,
    "KILOMETRE": FIELDS["reach_km"].per_unit,
    "RATING": FIELDS["rating_sum"].per_unit,
    "SURE": LISTS["services"]["confidence"].per_unit,
    "BELONGING": "{" + ", ".join(repr(float(criteria.SHARED_REGION.get(digits, 0.0))) for digits in LEVELS) + "}",
    "DIGITS": "{" + ", ".join(str(digits) for digits in LEVELS) + "}",
}


@cache
def source() -> str:
    constants = "".join(f"#define {name} {value}\n" for name, value in CONSTANTS.items())
    return declarations() + constants + "".join(files(__package__).joinpath(part).read_text() for part in PARTS_OF_TEXT)


@cache
def fingerprint() -> str:
    """Another one as soon as anything changes that the compiled kernel was made from."""
    return sha256(source().encode()).hexdigest()[:16]
