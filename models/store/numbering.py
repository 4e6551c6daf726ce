"""Numbers for needs that were kept before there were any."""

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from models.need_number import LENGTH, new_number
from models.store.base import DUPLICATE_KEY
from models.store.client import Database
from models.store.mapping import Document

BATCH = 1_000
# Beyond so many needs a number of the shortest length would often be taken already.
FEW, LONGER = 2_000_000, 10
MISSING: Document = {"number": {"$in": [None, ""]}}


async def give_numbers(database: Database) -> int:
    """To every need that has none; how many. Some minutes for millions, once; afterwards a count in the index at each start.

    Several workers may do it at once. Nobody else may write meanwhile who knows no numbers: they would be lost again.
    """
    needs, given = database["needs"], 0
    kept = await needs.estimated_document_count()
    length = LENGTH if kept < FEW else LONGER
    while await needs.count_documents({"number": {"$gt": ""}}) < kept:
        found = await _pass(database, length)
        if not found:
            break
        given += found
    return given


async def _pass(database: Database, length: int) -> int:
    """Those whose draw was taken are left for the next."""
    given, ids = 0, []
    async for document in database["needs"].find(MISSING, {"_id": 1}, batch_size=BATCH):
        ids.append(document["_id"])
        if len(ids) == BATCH:
            given, ids = given + await _give(database, ids, length), []
    return given + await _give(database, ids, length)


async def _give(database: Database, ids: list[str], length: int) -> int:
    if not ids:
        return 0
    changes = [UpdateOne({"_id": each, **MISSING}, {"$set": {"number": new_number(length)}}) for each in ids]
    try:
        return (await database["needs"].bulk_write(changes, ordered=False)).modified_count
    except BulkWriteError as error:
        if error.details["writeConcernErrors"] or any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
            raise
        return int(error.details["nModified"])
