"""通知: an account's own inbox."""

from matcher.dispatch.context import Context
from models.account import Principal
from models.errors import NotFoundError
from models.notice import Received
from models.quiet import QuietHours

MOST_COUNTED = 100


class Notices:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def list(self, who: Principal, unread: bool, limit: int, before: int | None) -> list[Received]:
        """Newest first; `before` is a `seq`."""
        return await self._context.store.inboxes.list(who.account_id, unread, limit, before)

    async def unread(self, who: Principal) -> int:
        """How many are unread, counted up to a hundred."""
        return await self._context.store.inboxes.count_unread(who.account_id, MOST_COUNTED)

    async def read(self, who: Principal, notice_id: str) -> Received:
        await self._own(who, notice_id)
        await self._context.store.inboxes.mark_read(who.account_id, notice_id, self._context.now())
        return await self._own(who, notice_id)

    async def read_with_earlier(self, who: Principal, notice_id: str) -> Received:
        """And all that was told before it of the same need or whistle."""
        notice = await self.read(who, notice_id)
        await self._context.store.inboxes.mark_read_of(notice, self._context.now())
        return notice

    async def read_to(self, who: Principal, notice_id: str) -> int:
        """Everything up to and with this one; how many were unread."""
        last = await self._own(who, notice_id)
        return await self._context.store.inboxes.mark_read_to(who.account_id, last.seq, self._context.now())

    async def quiet_hours(self, who: Principal) -> QuietHours:
        return (await self._context.store.accounts.quiet_of([who.account_id]))[who.account_id]

    async def set_quiet_hours(self, who: Principal, quiet: QuietHours) -> QuietHours:
        """For what is told from now on."""
        await self._context.store.accounts.set_quiet(who.account_id, quiet)
        return quiet

    async def _own(self, who: Principal, notice_id: str) -> Received:
        notice = await self._context.store.inboxes.get(who.account_id, notice_id)
        if notice is None:
            raise NotFoundError("没有这条通知")
        return notice
