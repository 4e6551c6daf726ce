"""Who signs in, and what standing that gives."""

from dataclasses import dataclass
from datetime import datetime

from models.place import lies_within
from models.quiet import DEFAULT_QUIET, QuietHours
from models.vocabulary import OVERSEER_ROLES, PROVIDER_ROLES, ProviderKind, Role

# The code of no region: an overseer who was given none sees nothing.
NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class ProviderRef:
    kind: ProviderKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Account:
    """`region` is what an overseer oversees (None: everything, administrators only); `provider` the profile a provider signed in for."""

    id: str
    username: str
    role: Role
    name: str
    region: str | None
    provider: ProviderRef | None
    password_hash: str
    active: bool
    created_at: datetime
    quiet: QuietHours = DEFAULT_QUIET


@dataclass(frozen=True, slots=True)
class Principal:
    """The account behind a call, as far as decisions need it."""

    account_id: str
    role: Role
    name: str
    region: str | None
    provider: ProviderRef | None

    @property
    def is_provider(self) -> bool:
        return self.role in PROVIDER_ROLES

    @property
    def is_overseer(self) -> bool:
        return self.role in OVERSEER_ROLES

    @property
    def scope(self) -> str | None:
        """The region that an overseer's lists are cut to; None is everything, and only an administrator has that."""
        return self.region if self.role == Role.ADMIN else self.region or NOWHERE

    def oversees(self, region: str) -> bool:
        return self.is_overseer and lies_within(region, self.scope)

    def is_self(self, provider: ProviderRef) -> bool:
        return self.provider == provider


SYSTEM = Principal("system", Role.ADMIN, "系统", None, None)
