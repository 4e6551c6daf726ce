"""双报到: units and party members register with the communities where they live and where they are based."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.account import ProviderRef
from models.provider import ProviderSummary


class RegistrationKind(StrEnum):
    HOME = "home"
    BASE = "base"


REGISTRATION_KIND_LABELS = {RegistrationKind.HOME: "居住地报到", RegistrationKind.BASE: "单位所在地报到"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """`community` is the code of a community."""

    id: str
    provider: ProviderSummary
    community: str
    kind: RegistrationKind
    since: datetime


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """`community` may be any region's code: all communities in it."""

    community: str | None = None
    provider: ProviderRef | None = None
