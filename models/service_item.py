"""服务事项: one kind of service in the catalogue. Data, edited by administrators; code asks it, never names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.vocabulary import Credential, ProviderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """`credential` is the lowest that a social worker must hold; `who` the kinds that may serve; `related` the items whose
    providers can often help too; `clock` the family of deadlines (life, utility, ordinary, complex)."""

    code: str
    name: str
    group: str
    group_name: str
    covers: str
    excludes: str = ""
    skills: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    credential: Credential = Credential.NONE
    who: tuple[ProviderKind, ...] = tuple(ProviderKind)
    related: tuple[str, ...] = ()
    urgency: int = 2
    people: int = 1
    clock: str = "ordinary"
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewItem:
    """Values by the names of a service item's fields, the code among them; what is not said is as usual."""

    reason: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """New values by the names of a service item's fields; `version` is the one that the writer had read."""

    version: int
    reason: str
    fields: Mapping[str, Any]
