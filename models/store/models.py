"""Models of understanding: their records, their files in GridFS, and which of them is in use."""

from bson import ObjectId
from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import CorruptGridFile, NoFile
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.errors import InvalidInputError
from models.model_version import ModelInUse, ModelVersion
from models.store.client import Database
from models.store.conflict import RevisionConflict
from models.store.mapping import from_document, to_document

IN_USE = "understanding"
BUCKET = "model_files"


class Models:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._database, self._session = database, session
        self._models, self._in_use = database["models"], database["models_in_use"]

    async def list(self) -> list[ModelVersion]:
        """Newest first."""
        cursor = self._models.find({}, session=self._session).sort("_id", -1)
        return [from_document(document, ModelVersion) async for document in cursor]

    async def get(self, version: int) -> ModelVersion | None:
        document = await self._models.find_one({"_id": version}, session=self._session)
        return from_document(document, ModelVersion) if document else None

    async def next_version(self) -> int:
        latest = await self._models.find_one({}, {"_id": 1}, sort=[("_id", -1)], session=self._session)
        return int(latest["_id"]) + 1 if latest else 1

    async def add(self, version: ModelVersion) -> None:
        """Another who took the same number meanwhile makes the transaction run again, with the next one."""
        try:
            await self._models.insert_one(to_document(version), session=self._session)
        except DuplicateKeyError as error:
            raise RevisionConflict from error

    async def in_use(self) -> ModelInUse:
        document = await self._in_use.find_one({"_id": IN_USE}, session=self._session)
        return from_document(document, ModelInUse) if document else ModelInUse()

    async def put_in_use(self, model: ModelInUse) -> None:
        """`model.revision` is one more than what was read: of two who switch at once one is run again."""
        document = {**to_document(model), "_id": IN_USE}
        try:
            result = await self._in_use.replace_one(
                {"_id": IN_USE, "revision": model.revision - 1}, document, upsert=model.revision == 1, session=self._session
            )
        except DuplicateKeyError as error:
            raise RevisionConflict from error
        if not result.matched_count and result.upserted_id is None:
            raise RevisionConflict

    async def put_file(self, name: str, content: bytes) -> str:
        """GridFS takes no part in transactions: a file that no record names does no harm."""
        return str(await self._bucket().upload_from_stream(name, content))

    async def read_file(self, file_id: str) -> bytes:
        try:
            stream = await self._bucket().open_download_stream(ObjectId(file_id))
            return bytes(await stream.read())
        except (NoFile, CorruptGridFile) as error:
            raise InvalidInputError("模型文件不在数据库里，或已损坏") from error

    def _bucket(self) -> AsyncGridFSBucket:
        return AsyncGridFSBucket(self._database, BUCKET)
