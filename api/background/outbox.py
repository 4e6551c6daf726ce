"""Empties the outbox: any number of workers, each asking several times a second."""

from api.background.rounds import Rounds
from matcher.dispatch.delivery import Delivery

POLL_SECONDS = 0.25


class Courier(Rounds):
    def __init__(self, delivery: Delivery) -> None:
        super().__init__("outbox", POLL_SECONDS)
        self._delivery = delivery

    async def do_next(self) -> bool:
        return await self._delivery.deliver_next()
