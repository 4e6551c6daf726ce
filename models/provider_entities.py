"""Which entity stands for which kind of provider."""

from models.organisation import Organisation
from models.provider import Provider
from models.social_worker import SocialWorker
from models.vocabulary import ProviderKind
from models.volunteer import Volunteer

ENTITIES: dict[ProviderKind, type[Provider]] = {
    ProviderKind.VOLUNTEER: Volunteer,
    ProviderKind.SOCIAL_WORKER: SocialWorker,
    ProviderKind.ORGANISATION: Organisation,
}
