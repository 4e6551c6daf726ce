"""社工 with the professional credential they hold."""

from dataclasses import dataclass

from models.provider import Provider
from models.vocabulary import Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialWorker(Provider):
    credential: Credential = Credential.NONE
