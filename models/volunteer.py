"""志愿者; `party_member` marks 党员."""

from dataclasses import dataclass

from models.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer(Provider):
    party_member: bool = False
