"""组织: social organisations, party units, departments, enterprises, charities, and the regions they serve."""

from dataclasses import dataclass

from models.provider import Provider
from models.vocabulary import OrganisationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Provider):
    """Without `service_regions` an organisation serves what lies within its reach, like a person."""

    type: OrganisationType
    service_regions: tuple[str, ...] = ()
