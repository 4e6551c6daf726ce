"""查进度: how far a need has come, for who knows a number of it and the end of the telephone number that was left with it."""

import hmac
from dataclasses import dataclass

from matcher.dispatch.context import Context
from models.errors import NotFoundError
from models.need import Need
from models.need_number import looks_like_number
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

    async def meant(self, number: str) -> Need | None:
        """`number` is the short one of a need, or a need's or an order's id. For nobody's eyes before the telephone number is known."""
        store = self._context.store
        if looks_like_number(number):
            return await store.needs.numbered(number)
        order = await store.orders.get(number)
        return await store.needs.get(order.need_id if order else number)

    async def track(self, number: str, need: Need | None, phone_tail: str) -> Tracked:
        """`need` is the one that is meant. A wrong number and a wrong telephone number are told apart by nothing."""
        if need is None or not _fits(need, phone_tail):
            raise NotFoundError("没有对得上的需求，请核对编号和手机尾号")
        return Tracked(number, need, stations_of(need, await self._context.store.orders.of_need(need.id)))


def _fits(need: Need, phone_tail: str) -> bool:
    """Who left no number cannot be found by one."""
    digits = "".join(each for each in need.contact.phone if each.isdecimal() and each.isascii())
    return len(digits) >= TAIL_DIGITS and hmac.compare_digest(digits[-TAIL_DIGITS:], phone_tail)
