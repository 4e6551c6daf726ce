"""Keeps the model that is in use in step with the database: any worker may switch it, and all follow without a restart."""

import asyncio

import structlog

from matcher.dispatch.context import Context
from matcher.tuning.model_versions import ModelVersions
from models.errors import InvalidInputError, NotFoundError
from models.model_version import SHIPPED
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.models")
EVERY_SECONDS = 30.0


class ModelFollower:
    """Begins with the model that lies with the program; `version` is the number of the one that this worker uses."""

    def __init__(self, context: Context, versions: ModelVersions, every_seconds: float = EVERY_SECONDS) -> None:
        self._context, self._versions, self._every_seconds = context, versions, every_seconds
        self._shipped = context.understander
        self._failed: int | None = None
        self._one_at_a_time = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.version = SHIPPED

    async def start(self) -> None:
        """A stored model that this program cannot use does not keep it from serving: the present one goes on, and the log says why."""
        await self.refresh()
        self._task = asyncio.create_task(self._follow(), name="model-follower")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def refresh(self) -> None:
        """Exchanges the understander if another version is in use. Loading takes about half a second, in a thread of its own."""
        async with self._one_at_a_time:
            wanted = (await self._versions.in_use()).version
            if wanted in (self.version, self._failed):
                return
            try:
                model = await self._versions.load(wanted)
            except (InvalidInputError, NotFoundError) as error:
                self._failed = wanted
                log.error("the model in use cannot be loaded, the present one goes on", wanted=wanted, error=error.detail)
                return
            # One assignment: a text is read by the old model or by the new one, never by parts of both.
            self._context.understander = self._shipped.with_model(model) if model else self._shipped.renewed()
            self.version, self._failed = wanted, None
            log.info("model switched", version=wanted, name=self._context.understander.version)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            try:
                await self.refresh()
            except UNAVAILABLE as error:
                log.warning("store unavailable", error=str(error)[:200])
