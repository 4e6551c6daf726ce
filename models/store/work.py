"""Needs, their orders and the events that tell of both."""

import builtins
from datetime import UTC, datetime
from typing import Any

from pymongo import ReplaceOne, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from models.account import ProviderRef
from models.acquaintance import MOST_KNOWN, Served
from models.errors import DuplicateError
from models.event import Event, EventFilter
from models.need import Need
from models.need_filter import DueState, NeedCounts, NeedFilter
from models.need_number import DRAWN_LENGTHS, new_number
from models.need_states import ON_THE_DESK, UNFINISHED_NEEDS, NeedStatus
from models.order import IN_HAND, PENDING, SERVING, UNFINISHED, Order, OrderFilter, OrderStatus
from models.place import COMMUNITY_LENGTH, EARTH_RADIUS_KM, Point
from models.store.client import Database
from models.store.conflict import RevisionConflict
from models.store.ids import first_id_at, new_id
from models.store.indexes import NO_CLOCK
from models.store.mapping import Document, E, from_document, to_document, within
from models.vocabulary import ProviderKind


async def newest_first(
    collection: AsyncCollection[dict[str, Any]],
    query: Document,
    entity: type[E],
    limit: int,
    before: str | None,
    session: AsyncClientSession | None,
) -> list[E]:
    if before is not None:
        query = {"$and": [query, {"_id": {"$lt": before}}]}
    cursor = collection.find(query, session=session).sort("_id", -1).limit(limit)
    return [from_document(document, entity) async for document in cursor]


async def replace_revision(
    collection: AsyncCollection[dict[str, Any]], document: Document, session: AsyncClientSession | None
) -> None:
    """One conditional write on one document decides between concurrent writers."""
    result = await collection.replace_one(
        {"_id": document["_id"], "revision": document["revision"] - 1}, document, session=session
    )
    if not result.matched_count:
        raise RevisionConflict


# Every code: a bound that lets the index of regions be walked where no region is asked for.
ANYWHERE: Document = {"region": {"$gte": "", "$lt": ":"}}
COUNTED = (
    NeedStatus.OPEN,
    NeedStatus.UNMATCHED,
    NeedStatus.BY_HAND,
    NeedStatus.OFFERED,
    NeedStatus.ACCEPTED,
    NeedStatus.IN_PROGRESS,
    NeedStatus.SUSPENDED,
    NeedStatus.COMPLETED,
)


def due_query(due: DueState, at: datetime) -> Document:
    """Both bounds: only so does MongoDB see that the index of what is due holds all of it."""
    if due == DueState.OVERDUE:
        return {"due_at": {"$gt": NO_CLOCK, "$lte": at}}
    return {"due_at": {"$gt": at}, "near_at": {"$lte": at}}


# Every urgency is at least 1: said, so that MongoDB counts in the index of what waits for review.
_REVIEWED: Document = {"understanding.needs_review": True, "understanding.urgency": {"$gte": 1}}


def _less_urgent(place: str, later: str) -> builtins.list[Document]:
    """What comes after this `place_in_review` in a list by urgency; `later` is how ids go on within one."""
    urgency, _, id = place.partition(":")
    level = int(urgency)
    return [{"understanding.urgency": {"$lt": level}}, {"understanding.urgency": level, "_id": {later: id}}]


class Needs:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._needs, self._session = database["needs"], session

    async def free_number(self) -> str:
        """One that no need has; should another writer take it in the same moment, the transaction is run again."""
        drawn = [new_number(length) for length in DRAWN_LENGTHS]
        taken = await self._needs.distinct("number", {"number": {"$in": drawn}}, session=self._session)
        return next((number for number in drawn if number not in taken), drawn[-1])

    async def add(self, need: Need) -> None:
        try:
            await self._needs.insert_one(to_document(need), session=self._session)
        except DuplicateKeyError as error:
            if "number" not in (error.details or {}).get("keyPattern", {}):
                raise
            raise RevisionConflict from error

    async def get(self, need_id: str) -> Need | None:
        document = await self._needs.find_one({"_id": need_id}, session=self._session)
        return from_document(document, Need) if document else None

    async def numbered(self, number: str) -> Need | None:
        document = await self._needs.find_one({"number": number}, session=self._session)
        return from_document(document, Need) if document else None

    async def hold(self, need_id: str) -> Need | None:
        """Read the need to change it in this transaction. It is written to at once, so that of many who come together the first
        goes on and the others begin again, before any has touched an order: they would undo each other for ever."""
        document = await self._needs.find_one_and_update(
            {"_id": need_id}, {"$set": {"held_by": new_id()}}, return_document=ReturnDocument.AFTER, session=self._session
        )
        return from_document(document, Need) if document else None

    async def replace(self, need: Need) -> None:
        """`need.revision` is one more than what was read."""
        await replace_revision(self._needs, to_document(need), self._session)

    async def nearby(
        self, region: str, point: Point | None, radius_km: float, posted: tuple[datetime, datetime], limit: int
    ) -> builtins.list[Need]:
        """Unfinished needs of the same community, or, of a wider region, posted to the very same; and those around the point.
        At most `limit` of each, newest first; walks the open needs of a community and of a circle, not the city's."""
        shared: Document = {"status": {"$in": sorted(UNFINISHED_NEEDS)}, "posted_at": {"$gte": posted[0], "$lte": posted[1]}}
        here = within(region[:COMMUNITY_LENGTH]) if len(region) >= COMMUNITY_LENGTH else {"region": region}
        queries = [here | shared]
        if point is not None:
            circle = {"$geoWithin": {"$centerSphere": [[point.lng, point.lat], radius_km / EARTH_RADIUS_KM]}}
            queries.append({"point": circle, **shared})
        found: dict[str, Need] = {}
        for query in queries:
            # Sorted by what no index has: walking all needs from the newest on would look cheap to MongoDB and is not.
            cursor = self._needs.find(query, session=self._session).sort("posted_at", -1).limit(limit)
            found |= {document["_id"]: from_document(document, Need) async for document in cursor}
        return [*found.values()]

    async def _review(self, query: Document, limit: int, after: str | None) -> list[Need]:
        """`after` is the `place_in_review` of the last need of the page before."""
        status = query.pop("status", {"$in": sorted(UNFINISHED_NEEDS)})
        query = {**query, "understanding.needs_review": True, "status": status}
        if after is not None:
            query["$or"] = _less_urgent(after, "$gt")
        cursor = self._needs.find(query, session=self._session).sort([("understanding.urgency", -1), ("_id", 1)]).limit(limit)
        return [from_document(document, Need) async for document in cursor]

    async def _urgent(self, query: Document, limit: int, after: str | None) -> list[Need]:
        """`after` is the `place_in_review` of the last need of the page before. That the statuses are some of those which the index
        holds MongoDB sees only where all of them are named too."""
        query["$and"] = [{"status": {"$in": sorted(ON_THE_DESK)}}]
        if after is not None:
            query["$or"] = _less_urgent(after, "$lt")
        cursor = self._needs.find(query, session=self._session).sort([("understanding.urgency", -1), ("_id", -1)]).limit(limit)
        return [from_document(document, Need) async for document in cursor]

    async def _due(self, query: Document, wanted: NeedFilter, limit: int, after: str | None) -> list[Need]:
        """`after` is the `place_in_due` of the last need of the page before."""
        assert wanted.at is not None
        query = query | due_query(wanted.due or DueState.OVERDUE, wanted.at)
        if after is not None:
            moment, _, id = after.partition(":")
            last = datetime.fromtimestamp(int(moment) / 1000, UTC)
            query = {"$and": [query, {"due_at": {"$gte": last}}, {"$or": [{"due_at": {"$gt": last}}, {"_id": {"$gt": id}}]}]}
        cursor = self._needs.find(query, session=self._session).sort([("due_at", 1), ("_id", 1)]).limit(limit)
        return [from_document(document, Need) async for document in cursor]

    async def counts(self, region: str | None, at: datetime, at_most: int | None = None) -> NeedCounts:
        """A count for each, one after the other. Statuses are counted in the index, which leaps from region to region: a
        whole city costs some milliseconds each. With `at_most` none counts further than that, and ten thousand cost no more."""
        here = within(region) if region is not None else ANYWHERE
        counted = {status: await self._count({"status": status, **here}, at_most) for status in COUNTED}
        return NeedCounts(
            new=counted[NeedStatus.OPEN],
            unmatched=counted[NeedStatus.UNMATCHED],
            by_hand=counted[NeedStatus.BY_HAND],
            offered=counted[NeedStatus.OFFERED],
            in_hand=counted[NeedStatus.ACCEPTED] + counted[NeedStatus.IN_PROGRESS],
            suspended=counted[NeedStatus.SUSPENDED],
            near_due=await self._count(due_query(DueState.NEAR, at) | here, at_most),
            overdue=await self._count(due_query(DueState.OVERDUE, at) | here, at_most),
            to_review=await self._count({**_REVIEWED, "status": {"$in": sorted(UNFINISHED_NEEDS)}, **here}, at_most),
            to_confirm=counted[NeedStatus.COMPLETED],
        )

    async def _count(self, query: Document, at_most: int | None) -> int:
        cap = {} if at_most is None else {"limit": at_most}
        return await self._needs.count_documents(query, session=self._session, **cap)

    async def list(self, wanted: NeedFilter, limit: int, before: str | None) -> list[Need]:
        query: Document = {**within(wanted.region)}
        if wanted.status is not None:
            query["status"] = wanted.status
        if wanted.statuses:
            query["status"] = {"$in": sorted(wanted.statuses)}
        if wanted.service is not None:
            query["understanding.services.0.code"] = wanted.service
        if wanted.number is not None:
            query["number"] = wanted.number
        if wanted.posted_by is not None:
            query["posted_by"] = wanted.posted_by
        if wanted.ids is not None:
            query["_id"] = {"$in": list(wanted.ids)}
        if wanted.due is not None:
            return await self._due(query, wanted, limit, before)
        if wanted.review:
            return await self._review(query, limit, before)
        if wanted.urgent:
            return await self._urgent(query, limit, before)
        return await newest_first(self._needs, query, Need, limit, before, self._session)

    async def count(self) -> int:
        return await self._needs.estimated_document_count()


class Orders:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._orders, self._needs, self._session = database["orders"], database["needs"], session

    async def add(self, order: Order) -> None:
        try:
            await self._orders.insert_one(to_document(order), session=self._session)
        except DuplicateKeyError as error:
            raise DuplicateError(f"已经派给过{order.provider.name}") from error

    async def get(self, order_id: str) -> Order | None:
        document = await self._orders.find_one({"_id": order_id}, session=self._session)
        return from_document(document, Order) if document else None

    async def replace(self, *orders: Order) -> None:
        """Each has a revision one more than what was read. One write, however many; at least one."""
        documents = [to_document(order) for order in orders]
        changes = [ReplaceOne({"_id": each["_id"], "revision": each["revision"] - 1}, each) for each in documents]
        result = await self._orders.bulk_write(changes, session=self._session)
        if result.matched_count < len(changes):
            raise RevisionConflict

    async def of_need(self, need_id: str) -> list[Order]:
        cursor = self._orders.find({"need_id": need_id}, session=self._session).sort("_id", 1)
        return [from_document(document, Order) async for document in cursor]

    async def of_needs(self, need_ids: list[str]) -> list[Order]:
        """The orders of several needs, in no order that means anything."""
        return [
            from_document(document, Order)
            async for document in self._orders.find({"need_id": {"$in": need_ids}}, session=self._session)
        ]

    async def taken_by(self, refs: set[ProviderRef]) -> list[Order]:
        """What these providers have accepted and not yet done."""
        query = {
            "provider.id": {"$in": sorted({ref.id for ref in refs})},
            "status": {"$in": sorted(IN_HAND)},
        }
        found = [from_document(document, Order) async for document in self._orders.find(query, session=self._session)]
        return [order for order in found if order.provider.ref in refs]

    async def open_offers(self, need_id: str) -> list[Order]:
        """Those that wait for an answer: offered, or applied for."""
        query = {"need_id": need_id, "status": {"$in": sorted(PENDING)}}
        cursor = self._orders.find(query, session=self._session).sort("_id", 1)
        return [from_document(document, Order) async for document in cursor]

    async def who_served(self, resident_keys: tuple[str, ...], region: str) -> tuple[Served, ...]:
        """Who served this resident in this region, as judged in the resident's latest evaluations; at most MOST_KNOWN needs back."""
        if not resident_keys:
            return ()
        query = {"resident_keys": {"$in": list(resident_keys)}, "evaluation.satisfied": {"$exists": True}, **within(region)}
        needs = self._needs.find(query, {"evaluation.satisfied": 1}, session=self._session).sort("_id", -1).limit(MOST_KNOWN)
        content = {document["_id"]: bool(document["evaluation"]["satisfied"]) async for document in needs}
        if not content:
            return ()
        orders = self._orders.find(
            {"need_id": {"$in": list(content)}, "status": {"$in": sorted(SERVING)}},
            {"need_id": 1, "provider": 1},
            session=self._session,
        ).sort("_id", 1)
        latest: dict[ProviderRef, tuple[str, bool]] = {}
        async for document in orders:
            need_id, who = document["need_id"], document["provider"]
            ref = ProviderRef(ProviderKind(who["kind"]), who["id"])
            latest[ref] = max(latest.get(ref, ("", False)), (need_id, content[need_id]))
        return tuple(Served(ref, satisfied) for ref, (_, satisfied) in list(latest.items())[-MOST_KNOWN:])

    async def list(self, wanted: OrderFilter, limit: int, before: str | None) -> list[Order]:
        query: Document = {**within(wanted.region)}
        if wanted.provider is not None:
            query["provider.id"] = wanted.provider.id
            query["provider.kind"] = wanted.provider.kind
        if wanted.need_id is not None:
            query["need_id"] = wanted.need_id
        if wanted.status is not None:
            query["status"] = wanted.status
        if wanted.among is not None:
            query["status"] = {"$in": sorted(wanted.among)}
        return await newest_first(self._orders, query, Order, limit, before, self._session)

    async def need_ids_of(self, provider: ProviderRef) -> tuple[str, ...]:
        """The needs a provider was ever offered."""
        ids = await self._orders.distinct(
            "need_id", {"provider.id": provider.id, "provider.kind": provider.kind}, session=self._session
        )
        return tuple(ids)

    async def taken_since(self, provider: ProviderRef, since_at: datetime) -> int:
        """How many orders a provider accepted since then, whatever became of them."""
        return await self._orders.count_documents(
            {"provider.id": provider.id, "provider.kind": provider.kind, "accepted_at": {"$gte": since_at}},
            session=self._session,
        )

    async def outcomes(self, provider: ProviderRef) -> dict[OrderStatus, tuple[int, int]]:
        """For each status: how many of a provider's orders, and the minutes of service credited for them. Reads their orders once."""
        pipeline: builtins.list[dict[str, Any]] = [
            {"$match": {"provider.id": provider.id, "provider.kind": provider.kind}},
            {"$group": {"_id": "$status", "count": {"$sum": 1}, "minutes": {"$sum": "$service_minutes"}}},
        ]
        found = await self._orders.aggregate(pipeline, session=self._session)
        return {OrderStatus(each["_id"]): (each["count"], each["minutes"]) async for each in found}

    async def has_open(self, provider: ProviderRef) -> bool:
        """Whether an offer or a taken order of this provider is still unfinished."""
        document = await self._orders.find_one(
            {"provider.id": provider.id, "provider.kind": provider.kind, "status": {"$in": sorted(UNFINISHED)}},
            {"_id": 1},
            session=self._session,
        )
        return document is not None


class Events:
    """Append-only: there is no way to change or delete one."""

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._events, self._session = database["events"], session

    async def add(self, *events: Event) -> None:
        await self._events.insert_many([to_document(event) for event in events], session=self._session)

    async def of_need(self, need_id: str) -> builtins.list[Event]:
        cursor = self._events.find({"need_id": need_id}, session=self._session).sort("_id", 1)
        return [from_document(document, Event) async for document in cursor]

    async def list(self, wanted: EventFilter, limit: int, before: str | None) -> builtins.list[Event]:
        """Newest first. Ids tell the time at which they were made, so that a span of time is walked in the order of the list."""
        query: Document = {"by_name": wanted.by_name, "action": wanted.action, "need_id": wanted.need_id}
        query = {name: value for name, value in query.items() if value is not None}
        bounds = {"$gte": wanted.from_at, "$lt": wanted.to_at}
        ids = {sign: first_id_at(at) for sign, at in bounds.items() if at is not None}
        return await newest_first(self._events, query | ({"_id": ids} if ids else {}), Event, limit, before, self._session)

    async def of_subject(self, subject: str) -> builtins.list[Event]:
        cursor = self._events.find({"subject": subject}, session=self._session).sort("_id", 1)
        return [from_document(document, Event) async for document in cursor]
