"""打扰上限: how often somebody may be asked. Counted per local day and per week from Monday, kept as one day number and two counts."""

from datetime import datetime

from models.schedule import LOCAL
from models.vocabulary import ProviderKind

# Offers a day and a week for who has said nothing: a person is not to be worn out, an organisation has an office.
USUAL_OFFERS = {
    ProviderKind.VOLUNTEER: (3, 10),
    ProviderKind.SOCIAL_WORKER: (6, 25),
    ProviderKind.ORGANISATION: (20, 100),
}
# The urgency that may pass it: life and property.
PASSING_URGENCY = 4


def day_number(at: datetime) -> int:
    """The local day as a proleptic Gregorian ordinal; ordinal 1 was a Monday."""
    return at.astimezone(LOCAL).toordinal()


def monday_of(day: int) -> int:
    return day - (day - 1) % 7
