"""服务过: which providers a resident already knows. A resident is known by their account or by a fingerprint of their phone."""

import hashlib
from dataclasses import dataclass

from models.account import Principal, ProviderRef
from models.vocabulary import Role

MOST_KNOWN = 50


@dataclass(frozen=True, slots=True)
class Served:
    """`content`: whether the resident was satisfied when this provider last served them."""

    provider: ProviderRef
    content: bool


def resident_keys(poster: Principal, phone: str) -> tuple[str, ...]:
    """What the same resident's needs have in common. Who posts for somebody else is not the resident: then only the phone counts."""
    keys = [f"account:{poster.account_id}"] if poster.role == Role.RESIDENT else []
    if phone:
        keys.append("phone:" + hashlib.blake2b(phone.encode(), digest_size=12).hexdigest())
    return tuple(keys)
