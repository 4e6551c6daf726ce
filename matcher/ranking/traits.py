"""What a helper is or speaks, as bits of one small integer: a wish is met when all its bits are there."""

from collections.abc import Iterable

from models.organisation import Organisation
from models.provider import Provider
from models.understanding import Constraints
from models.vocabulary import DIALECTS, Gender, Language, OrganisationType, label
from models.volunteer import Volunteer

PARTY_MEMBER = 1 << 2
GENDERS = {Gender.FEMALE: 1 << 0, Gender.MALE: 1 << 1}
LANGUAGES = {language: 1 << place for place, language in enumerate(Language, 3)}
GENDER_LABELS = {Gender.FEMALE: "女志愿者", Gender.MALE: "男志愿者"}


def traits_of(provider: Provider) -> int:
    spoken = {*provider.languages, *provider.languages_read}
    if isinstance(provider, Organisation):
        return organisation_traits(spoken, provider.type)
    return person_traits(spoken, provider.gender, party_member=isinstance(provider, Volunteer) and provider.party_member)


def person_traits(spoken: Iterable[str], gender: str | None, *, party_member: bool) -> int:
    """What a person has not said is not there."""
    bits = 0 if gender is None else GENDERS[Gender(gender)]
    return bits | _spoken(spoken) | (PARTY_MEMBER if party_member else 0)


def organisation_traits(spoken: Iterable[str], type: str) -> int:
    """It can send either a woman or a man, a party unit a party member."""
    party = PARTY_MEMBER if type == OrganisationType.PARTY_UNIT else 0
    return _spoken(spoken) | GENDERS[Gender.FEMALE] | GENDERS[Gender.MALE] | party


def _spoken(languages: Iterable[str]) -> int:
    spoken = {Language(each) for each in languages}
    bits = sum(LANGUAGES[language] for language in spoken)
    return bits | LANGUAGES[Language.DIALECT] if DIALECTS & spoken else bits


def traits_asked(constraints: Constraints) -> int:
    bits = sum(LANGUAGES[language] for language in set(constraints.languages))
    if constraints.gender is not None:
        bits |= GENDERS[constraints.gender]
    return bits | (PARTY_MEMBER if constraints.party_member else 0)


def missing_traits(constraints: Constraints, traits: int) -> list[str]:
    """In Chinese, what is asked for and not known of a provider with these bits."""
    asked = [(GENDERS[constraints.gender], GENDER_LABELS[constraints.gender])] if constraints.gender is not None else []
    asked += [(LANGUAGES[language], f"会{label(language)}") for language in constraints.languages]
    asked += [(PARTY_MEMBER, "党员")] if constraints.party_member else []
    return [words for bit, words in asked if not traits & bit]
