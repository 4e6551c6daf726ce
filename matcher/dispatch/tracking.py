"""查进度: how far a need has come, for who knows its number and the end of the telephone number that was left with it."""

import hmac
from dataclasses import dataclass

from matcher.dispatch.context import Context
from models.errors import NotFoundError
from models.need import Need
from models.stations import Station, stations_of

TAIL_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Tracked:
    """`number` is the one that was asked with. Of the need nothing may be shown but where it stands."""

    number: str
    need: Need
    stations: tuple[Station, ...]


class Tracking:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def track(self, number: str, phone_tail: str) -> Tracked:
        """`number` is a need's or an order's. A wrong number and a wrong telephone number are told apart by nothing."""
        store = self._context.store
        order = await store.orders.get(number)
        need = await store.needs.get(order.need_id if order else number)
        if need is None or not _fits(need, phone_tail):
            raise NotFoundError("没有对得上的需求，请核对编号和手机尾号")
        return Tracked(number, need, stations_of(need, await store.orders.of_need(need.id)))


def _fits(need: Need, phone_tail: str) -> bool:
    """Who left no number cannot be found by one."""
    digits = "".join(each for each in need.contact.phone if each.isdecimal() and each.isascii())
    return len(digits) >= TAIL_DIGITS and hmac.compare_digest(digits[-TAIL_DIGITS:], phone_tail)
