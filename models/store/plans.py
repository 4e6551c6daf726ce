"""Plans, kept with what became of them."""

from pymongo.asynchronous.client_session import AsyncClientSession

from models.plan import Plan
from models.store.client import Database
from models.store.mapping import from_document, to_document, within
from models.store.work import newest_first, replace_revision


class Plans:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._plans, self._session = database["plans"], session

    async def add(self, plan: Plan) -> None:
        await self._plans.insert_one(to_document(plan), session=self._session)

    async def get(self, plan_id: str) -> Plan | None:
        document = await self._plans.find_one({"_id": plan_id}, session=self._session)
        return from_document(document, Plan) if document else None

    async def replace(self, plan: Plan) -> None:
        """`plan.revision` is one more than what was read."""
        await replace_revision(self._plans, to_document(plan), self._session)

    async def list(self, region: str | None, limit: int, before: str | None) -> list[Plan]:
        return await newest_first(self._plans, {**within(region)}, Plan, limit, before, self._session)
