"""Fires what is due: any number of workers, each asking once a second."""

import structlog

from api.background.rounds import Rounds
from matcher.dispatch.context import Context
from matcher.dispatch.timers import fire, give_back, put_off, take_due
from models.errors import NotCarriedError
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.timers")


class Clock(Rounds):
    def __init__(self, context: Context, poll_seconds: float) -> None:
        super().__init__("timers", poll_seconds)
        self._context = context

    async def do_next(self) -> bool:
        """One bad timer is put off and told; the others do not wait for it."""
        timer = await take_due(self._context, self._context.now())
        if timer is None:
            return False
        try:
            await fire(self._context, timer, self._context.now())
        except UNAVAILABLE:
            raise
        except NotCarriedError:
            # Another worker holds the region's providers: it has its turn first.
            await give_back(self._context, timer, self._context.now())
        except Exception:
            log.exception("a timer failed and will be tried again", kind=timer.kind, subject=timer.subject)
            await put_off(self._context, timer, self._context.now())
        return True
