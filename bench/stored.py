"""The invented providers of some columns as documents of the store, so that MongoDB holds the very same people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.province import WORDS
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns, term_number
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.index import KINDS
from matcher.ranking.ragged import Entries
from models.organisation import Organisation
from models.place import Point
from models.provider import Contact, Provider
from models.schedule import now
from models.social_worker import SocialWorker
from models.store import Store
from models.store.embedded import EmbeddedServer
from models.store.mapping import Document, to_document
from models.store.providers import COLLECTIONS
from models.vocabulary import Credential, OrganisationType, ProviderKind
from models.volunteer import Volunteer

BATCH = 20_000
DAY = 1440
GENDERS = ("female", "male", "female", None)
# As long as people write: a document takes about as many bytes as a real one.
SKILLS = ("家电维修", "代买代办", "陪诊")
BIO = "退休电工，住在本社区，周末和晚上有空，愿意帮老人修家电、跑腿、陪着去医院。"
CONTACT = {"name": "测试甲", "phone": "", "address": "测试路一号院二号楼三单元四零一室"}


@contextmanager
def mongod(cache_gb: float = 0.5) -> Iterator[str]:
    """A server of our own, its data thrown away after use."""
    with TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), cache_gb=cache_gb)
        try:
            yield server.start()
        finally:
            server.stop()


async def store_all(store: Store, columns: Columns, catalogue: Catalogue) -> None:
    words = {term_number(f"词{number}"): f"词{number}" for number in range(WORDS)}
    for first in range(0, columns.size, BATCH):
        part = columns.everyone().only(np.arange(first, min(columns.size, first + BATCH)))
        by_kind: dict[ProviderKind, list[Document]] = {}
        for kind, document in documents(part, catalogue, words):
            by_kind.setdefault(kind, []).append(document)
        for kind, some in by_kind.items():
            await store.database[COLLECTIONS[kind]].insert_many(some, ordered=False)


def documents(part: Excerpt, catalogue: Catalogue, words: dict[int, str]) -> Iterator[tuple[ProviderKind, Document]]:
    at = now()
    templates = {kind: _template(kind) for kind in KINDS}
    plain = ("active", "capacity", "load", "rating_sum", "rating_count", "answered")
    columns = [getattr(part, name).tolist() for name in plain]
    digits, regions = part.region_digits.tolist(), part.region.tolist()
    services = _lists(part.services, "item", "confidence")
    terms, slots = _lists(part.terms, "number", "weight"), _lists(part.slots, "start", "end")
    work = np.exp2(part.work_exponent).tolist()
    accepted, members, lng, lat = (getattr(part, name).tolist() for name in ("accepted", "party_member", "lng", "lat"))
    for place, values in enumerate(zip(*columns, strict=True)):
        kind = KINDS[part.kind[place]]
        document = templates[kind] | dict(zip(plain, values, strict=True))
        document |= {
            "_id": (id := part.id_at(place)),
            "contact": CONTACT | {"phone": f"000{int(id[-8:], 16):08d}"},
            "gender": GENDERS[place % len(GENDERS)],
            "account_id": id if place % 3 else None,
            "last_offered_at": at if accepted[place] else None,
            "away_to": at if place % 50 == 0 else None,
            "region": str(regions[place])[: digits[place]],
            "point": {"lng": lng[place], "lat": lat[place]},
            "accepted_count": accepted[place],
            "recent_work": work[place],
            "services": [{"code": catalogue.codes[item], "confidence": sure} for item, sure in services[place]],
            "terms": [{"word": words[number], "weight": weight} for number, weight in terms[place]],
            "availability": [
                {"weekday": start // DAY + 1, "start_minute": start % DAY, "end_minute": start % DAY + end - start}
                for start, end in slots[place]
            ],
        }
        if kind == ProviderKind.VOLUNTEER:
            document["party_member"] = members[place]
        yield kind, document


def _lists(entries: Entries, one: str, other: str) -> list[list[tuple[Any, Any]]]:
    pairs = list(zip(entries[one].tolist(), entries[other].tolist(), strict=True))
    ends = np.cumsum(entries.counts).tolist()
    return [pairs[first:last] for first, last in zip([0, *ends], ends, strict=False)]


def _template(kind: ProviderKind) -> Document:
    at = now()
    common: dict[str, Any] = {
        "id": "", "kind": kind, "name": "测试甲", "skills": SKILLS, "bio": BIO, "region": "", "point": Point(0.0, 0.0), "capacity": 1,
        "availability": (), "contact": Contact(), "created_at": at, "changed_at": at, "daily_offers": 3, "weekly_offers": 10,
    }  # fmt: skip
    made: dict[ProviderKind, Provider] = {
        ProviderKind.VOLUNTEER: Volunteer(**common),
        ProviderKind.SOCIAL_WORKER: SocialWorker(credential=Credential.NONE, **common),
        ProviderKind.ORGANISATION: Organisation(type=OrganisationType.SOCIAL_ORGANISATION, **common),
    }
    return to_document(made[kind])
