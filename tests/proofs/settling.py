"""After the storm: waiting until all that was begun has come to its end, so that the books can be read."""

from datetime import datetime, timedelta

from matcher.dispatch.delivery import LEASE
from models.schedule import now
from models.store import Store
from tests.api.support import until

# Longer than a delivery takes on a loaded machine: what is claimed for less is being worked on.
PATIENCE = timedelta(seconds=10)
LATER = timedelta(days=1)


async def settle(store: Store, seconds: float = 300) -> None:
    """Until nothing is due any more. What nobody has been at for some seconds comes now: the lease of a killed worker has run out,
    as it were, and what had failed is tried again.

    Clocks whose time has not come stand still. Each life of the storm left some that run out five minutes after it, so that
    otherwise there would be something due at every moment for as long as the storm took."""

    async def quiet() -> bool:
        at = now()
        await _stop_clocks(store, at)
        await _free_what_rests(store, at)
        return not await _left(store, at)

    try:
        await until(quiet, seconds)
    except AssertionError as error:
        raise AssertionError(f"not settled, left are {await _left(store, now())}") from error


async def _stop_clocks(store: Store, at: datetime) -> None:
    running = {"attempts": 0, "due_at": {"$gt": at + PATIENCE, "$lt": at + LATER}}
    stopped = {"due_at": at + 2 * LATER, "free_at": at + 2 * LATER}
    await store.database["timers"].update_many(running, {"$set": stopped})


async def _free_what_rests(store: Store, at: datetime) -> None:
    for resting in ({"$gt": at, "$lt": at + LEASE - PATIENCE}, {"$gt": at + LEASE}):
        await store.database["timers"].update_many({"attempts": {"$gt": 0}, "free_at": resting}, {"$set": {"free_at": at}})
        await store.database["outbox"].update_many({"due_at": resting}, {"$set": {"due_at": at}})


async def _left(store: Store, at: datetime) -> list[tuple[str, int, int]]:
    """How many of what kind are due, and how often the most tried of them was tried."""
    group = {"$group": {"_id": "$kind", "count": {"$sum": 1}, "attempts": {"$max": "$attempts"}}}
    due = {"timers": {"$lte": at + PATIENCE}, "outbox": {"$exists": True}}
    return [
        (f"{name} {row['_id']}", row["count"], row["attempts"])
        for name, when in due.items()
        async for row in await store.database[name].aggregate([{"$match": {"due_at": when}}, group])
    ]
