"""Versions of the model of understanding: proposed, put to use, and taken back. A switch counts on every worker within half a minute."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from matcher.catalogue import Catalogue
from matcher.dispatch.context import require_everywhere
from matcher.dispatch.ports import StorePort, UnitPort
from matcher.understanding.model import Model, ModelError, load_model
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError
from models.event import event_of
from models.model_version import SHIPPED, ModelInUse, ModelVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A model as a file, and what is known of how it was made."""

    content: bytes
    examples: int = 0
    learned_until: datetime | None = None
    report: Mapping[str, Any] | None = None
    note: str = ""


class ModelVersions:
    def __init__(self, store: StorePort, catalogue: Catalogue, clock: Callable[[], datetime]) -> None:
        self._store, self._catalogue, self._now = store, catalogue, clock

    async def list(self) -> list[ModelVersion]:
        """Newest first, without the one that lies with the program."""
        return await self._store.models.list()

    async def in_use(self) -> ModelInUse:
        return await self._store.models.in_use()

    async def propose(self, who: Principal, proposal: Proposal) -> ModelVersion:
        """Kept, and not in use until somebody puts it to use. Raises InvalidInputError for a file that cannot be used."""
        model = await self._usable(proposal.content)
        at = self._now()
        file_id = await self._store.models.put_file(model.version, proposal.content)

        async def work(unit: UnitPort) -> ModelVersion:
            version = ModelVersion(
                id=await unit.models.next_version(),
                name=model.version,
                made_at=at,
                made_by=who.name,
                examples=proposal.examples,
                learned_until=proposal.learned_until,
                report=proposal.report,
                note=proposal.note,
                file_id=file_id,
                sha256=hashlib.sha256(proposal.content).hexdigest(),
            )
            await unit.models.add(version)
            await self._record(unit, who, "model.proposed", version.id, {"name": model.version}, proposal.note)
            return version

        return await self._store.transact(work)

    async def use(self, who: Principal, version: int, reason: str) -> ModelInUse:
        """The one that is in use already stays so, and nothing is written."""
        require_everywhere(who, "理解模型")
        await self.load(version)
        at = self._now()

        async def work(unit: UnitPort) -> ModelInUse:
            present = await unit.models.in_use()
            if present.version == version:
                return present
            return await self._switch(unit, who, present, present.switched(version, who.name, at), reason)

        return await self._store.transact(work)

    async def back(self, who: Principal, reason: str) -> ModelInUse:
        """To the version that was in use before the present one; again, to the one before that."""
        require_everywhere(who, "理解模型")
        at = self._now()
        await self.load((await self._store.models.in_use()).stepped_back(who.name, at).version)

        async def work(unit: UnitPort) -> ModelInUse:
            present = await unit.models.in_use()
            return await self._switch(unit, who, present, present.stepped_back(who.name, at), reason)

        return await self._store.transact(work)

    async def load(self, version: int) -> Model | None:
        """None for the one that lies with the program. Raises NotFoundError, and InvalidInputError where this program cannot use it."""
        if version == SHIPPED:
            return None
        record = await self._store.models.get(version)
        if record is None:
            raise NotFoundError(f"没有第 {version} 版模型")
        content = await self._store.models.read_file(record.file_id)
        if hashlib.sha256(content).hexdigest() != record.sha256:
            raise InvalidInputError("模型文件已损坏", {"version": [f"第 {version} 版的文件与记录不符"]})
        return await self._usable(content)

    async def _usable(self, content: bytes) -> Model:
        try:
            model = await asyncio.to_thread(load_model, BytesIO(content))
        except ModelError as error:
            raise InvalidInputError(str(error)) from error
        unknown = [code for code in model.codes if code not in self._catalogue.position]
        if unknown:
            raise InvalidInputError(f"模型里的事项不在事项清单里：{'、'.join(unknown[:5])}")
        return model

    async def _switch(self, unit: UnitPort, who: Principal, present: ModelInUse, after: ModelInUse, reason: str) -> ModelInUse:
        await unit.models.put_in_use(after)
        await self._record(unit, who, "model.used", after.version, {"before": present.version}, reason)
        return after

    async def _record(
        self, unit: UnitPort, who: Principal, action: str, version: int, facts: Mapping[str, Any], why: str
    ) -> None:
        subject, id = f"model:{version}", self._store.new_id()
        facts = {"version": version, **facts}
        await unit.events.add(event_of(who, action, self._now(), subject, id=id, why=why, facts=facts))
