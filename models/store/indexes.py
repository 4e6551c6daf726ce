"""Every index, beside the query that it serves. There are no others, but for those that GridFS makes for the files of models."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, GEO2D, IndexModel

from models.need_states import ON_THE_DESK
from models.store.client import Database

# Earlier than any clock: what is due after it has one.
NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 60 * 60
DAY = 24 * HOUR
Keys = tuple[tuple[str, int | str], ...]


@dataclass(frozen=True, slots=True)
class Index:
    collection: str
    keys: Keys
    serves: str
    unique: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> IndexModel:
        return IndexModel(list(self.keys), unique=self.unique, **self.options)


# What statistics ask of an order: all in the index.
ACCEPTED_FIELDS = ("status", "service", "provider.kind", "provider.id")
COMPLETED_FIELDS = ("status", "service", "service_minutes")
PROVIDER_COLLECTIONS = ("volunteers", "social_workers", "organisations")


def _provider_indexes(collection: str) -> list[Index]:
    return [
        Index(collection, (("region", ASCENDING), ("_id", ASCENDING)), "lists of a region's providers"),
        Index(collection, (("services.code", ASCENDING), ("_id", ASCENDING)), "lists of those who can do a service item"),
        Index(
            collection,
            (("account_id", ASCENDING),),
            "the profile of who signed in; one profile an account",
            unique=True,
            # Not {"$type": "string"}: MongoDB does not see that an equal string is one, and would never walk the index.
            options={"partialFilterExpression": {"account_id": {"$gt": ""}}},
        ),
    ]


INDEXES: tuple[Index, ...] = (
    *(index for collection in PROVIDER_COLLECTIONS for index in _provider_indexes(collection)),
    Index("organisations", (("service_regions", ASCENDING),), "the organisations that serve a region, for calling them"),
    Index("needs", (("region", ASCENDING), ("_id", DESCENDING)), "a community's needs, newest first"),
    Index(
        "needs",
        (("number", ASCENDING),),
        "the need that somebody says the number of; one need a number",
        unique=True,
        options={"partialFilterExpression": {"number": {"$gt": ""}}},
    ),
    Index(
        "needs",
        (("region", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)),
        "a region's needs in one status, and how many they are",
    ),
    Index("needs", (("posted_by", ASCENDING), ("_id", DESCENDING)), "a resident's own needs"),
    Index(
        "needs",
        (("resident_keys", ASCENDING), ("_id", DESCENDING)),
        "who served a resident before, and how content they were",
        options={"partialFilterExpression": {"evaluation.satisfied": {"$exists": True}}},
    ),
    Index(
        "needs",
        (("point", GEO2D), ("status", ASCENDING)),
        "unfinished needs around a point",
        # A little more than the earth has: the bounds themselves are outside.
        options={"min": -181, "max": 181},
    ),
    Index(
        "needs",
        (
            ("understanding.urgency", DESCENDING),
            ("_id", ASCENDING),
            ("region", ASCENDING),
            ("status", ASCENDING),
            ("understanding.needs_review", ASCENDING),
        ),
        "what waits for review, the most urgent first, and how many; the last three are looked at without reading the need",
        options={"partialFilterExpression": {"understanding.needs_review": True}},
    ),
    Index(
        "needs",
        (("understanding.urgency", DESCENDING), ("_id", DESCENDING), ("status", ASCENDING), ("region", ASCENDING)),
        "the desk's lists, the most urgent first; region and status are looked at without reading the need",
        # Not status first: MongoDB would walk it wherever a query names a status.
        options={"partialFilterExpression": {"status": {"$in": sorted(ON_THE_DESK)}}},
    ),
    Index(
        "needs",
        (("due_at", ASCENDING), ("_id", ASCENDING), ("near_at", ASCENDING), ("region", ASCENDING)),
        "what is due or nearly due, the first first; near_at and region are looked at without reading the need",
        options={"partialFilterExpression": {"due_at": {"$gt": NO_CLOCK}}},
    ),
    Index("needs", (("region", ASCENDING), ("posted_at", ASCENDING)), "a region's needs of a period, for statistics"),
    Index("orders", (("need_id", ASCENDING), ("status", ASCENDING)), "the orders of a need; closing its open offers"),
    Index(
        "orders",
        (("provider.id", ASCENDING), ("status", ASCENDING), ("_id", DESCENDING)),
        "what a provider was offered and took on",
    ),
    Index("orders", (("region", ASCENDING), ("_id", DESCENDING)), "a community's orders"),
    Index(
        "orders",
        (("need_id", ASCENDING), ("provider.kind", ASCENDING), ("provider.id", ASCENDING), ("round", ASCENDING)),
        "one offer of a need to a provider in a round",
        unique=True,
    ),
    Index(
        "orders",
        (("region", ASCENDING), ("accepted_at", ASCENDING), *((name, ASCENDING) for name in ACCEPTED_FIELDS)),
        "a region's orders that were accepted in a period, for statistics: counted without reading an order",
        options={"partialFilterExpression": {"accepted_at": {"$gt": NO_CLOCK}}},
    ),
    Index(
        "orders",
        (("region", ASCENDING), ("completed_at", ASCENDING), *((name, ASCENDING) for name in COMPLETED_FIELDS)),
        "a region's orders that were completed in a period, for statistics: counted without reading an order",
        options={"partialFilterExpression": {"completed_at": {"$gt": NO_CLOCK}}},
    ),
    Index("plans", (("region", ASCENDING), ("_id", DESCENDING)), "a region's plans, newest first"),
    Index("whistles", (("region", ASCENDING), ("_id", DESCENDING)), "a region's whistles, newest first"),
    Index("whistles", (("units.unit.id", ASCENDING), ("_id", DESCENDING)), "the whistles that a unit was called by"),
    Index("whistles", (("need_id", ASCENDING), ("_id", DESCENDING)), "the whistles about a need"),
    Index("whistles", (("region", ASCENDING), ("called_at", ASCENDING)), "how units answered in a region and a period"),
    Index("squads", (("region", ASCENDING), ("_id", ASCENDING)), "a region's squads"),
    Index("squads", (("members.id", ASCENDING),), "the squads of a member; taking a deleted profile off them"),
    Index(
        "registrations",
        (("provider.id", ASCENDING), ("community", ASCENDING), ("kind", ASCENDING)),
        "where a unit or a party member has registered; once a community and kind",
        unique=True,
    ),
    Index("registrations", (("community", ASCENDING), ("_id", ASCENDING)), "who has registered with a community"),
    Index("timers", (("free_at", ASCENDING),), "the timer that is longest due"),
    Index("timers", (("subject", ASCENDING),), "the timers of one thing"),
    Index("events", (("need_id", ASCENDING), ("_id", ASCENDING)), "the history of a need"),
    Index("events", (("subject", ASCENDING), ("_id", ASCENDING)), "the history of one thing"),
    Index("events", (("by_name", ASCENDING), ("_id", ASCENDING)), "what somebody did"),
    Index("events", (("action", ASCENDING), ("_id", ASCENDING)), "when a thing was done"),
    Index("accounts", (("username", ASCENDING),), "signing in; one account a name", unique=True),
    Index("accounts", (("provider.id", ASCENDING),), "unlinking the account of a deleted profile"),
    Index("accounts", (("role", ASCENDING), ("region", ASCENDING)), "who oversees a region"),
    Index("sessions", (("account_id", ASCENDING),), "revoking all sessions of an account"),
    Index("sessions", (("expires_at", ASCENDING),), "MongoDB removes expired sessions", options={"expireAfterSeconds": 0}),
    Index(
        "weights",
        (("name", ASCENDING), ("version", DESCENDING)),
        "a profile's present version; one winner a version",
        unique=True,
    ),
    Index(
        "outbox",
        (("due_at", ASCENDING),),
        "the rows that are due",
        options={"partialFilterExpression": {"due_at": {"$exists": True}}},
    ),
    Index(
        "outbox",
        (("done_at", ASCENDING),),
        "MongoDB removes delivered rows after a month",
        options={"expireAfterSeconds": 30 * DAY},
    ),
    Index("notices", (("account_id", ASCENDING), ("seq", ASCENDING)), "an account's notices in their order", unique=True),
    Index(
        "notices",
        (("account_id", ASCENDING), ("read_at", ASCENDING), ("seq", ASCENDING)),
        "an account's unread notices",
    ),
    Index("webhooks", (("account_id", ASCENDING), ("_id", ASCENDING)), "an account's webhooks"),
    Index("postings", (("due_at", ASCENDING),), "the postings that are due"),
    Index("postings", (("webhook_id", ASCENDING),), "dropping what is on its way to a webhook"),
    Index("keyed_calls", (("expires_at", ASCENDING),), "MongoDB removes old keys", options={"expireAfterSeconds": 0}),
    Index("notices", (("at", ASCENDING),), "MongoDB removes notices after a year", options={"expireAfterSeconds": 366 * DAY}),
    Index("decisions", (("profile", ASCENDING), ("at", DESCENDING)), "the decisions that a profile ranked, newest first"),
    Index("decisions", (("expires_at", ASCENDING),), "MongoDB removes old decisions", options={"expireAfterSeconds": 0}),
    Index("workers", (("at", ASCENDING),), "MongoDB removes who was killed an hour ago", options={"expireAfterSeconds": HOUR}),
)

# Indexes of earlier versions that would stand in the way (a provider may be asked again in the next round) or are of no use any more.
OBSOLETE = (
    ("orders", "need_id_1_provider.kind_1_provider.id_1"),
    ("needs", "understanding.urgency_-1__id_1_region_1_status_1"),
)


async def ensure_indexes(database: Database) -> None:
    """Create what is missing, drop what is obsolete; cheap when nothing is to do. An index that changed its options must be
    dropped by hand first."""
    for collection, name in OBSOLETE:
        if name in await database[collection].index_information():
            await database[collection].drop_index(name)
    by_collection: dict[str, list[IndexModel]] = {}
    for index in INDEXES:
        by_collection.setdefault(index.collection, []).append(index.model)
    for collection, models in by_collection.items():
        await database[collection].create_indexes(models)
