"""Webhooks as use cases: an account's own addresses, and what becomes of each posting."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.errors import DuplicateError, InvalidInputError, NotFoundError
from models.notice import Notice, NoticeKind, Received, to_account
from models.webhook import GIVEN_UP_AFTER, MOST_WEBHOOKS, Posting, Webhook, new_secret

# Longer than an attempt takes.
LEASE = timedelta(minutes=2)
GONE = 410


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that an attempt needs."""

    posting: Posting
    webhook: Webhook
    notice: Received


class Hooks:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def add(self, who: Principal, url: str) -> Webhook:
        """The only time that the secret is told."""
        context = self._context
        webhook = Webhook(
            id=context.store.new_id(), account_id=who.account_id, url=url, secret=new_secret(), created_at=context.now()
        )

        async def work(unit: UnitPort) -> Webhook:
            present = await unit.webhooks.of_accounts([who.account_id])
            if len(present) >= MOST_WEBHOOKS:
                raise InvalidInputError("填写的内容有误", {"url": [f"最多登记 {MOST_WEBHOOKS} 个地址"]})
            if any(each.url == url for each in present):
                raise DuplicateError("这个地址已经登记过")
            await unit.webhooks.add(webhook)
            return webhook

        return await context.store.transact(work)

    async def list(self, who: Principal) -> list[Webhook]:
        return await self._context.store.webhooks.of_accounts([who.account_id])

    async def delete(self, who: Principal, webhook_id: str) -> None:
        """What was on its way to it is not sent any more."""

        async def work(unit: UnitPort) -> None:
            if not await unit.webhooks.delete(webhook_id, who.account_id):
                raise NotFoundError("没有这个外发地址")
            await unit.postings.delete_of(webhook_id)

        await self._context.store.transact(work)

    async def next_parcel(self) -> Parcel | None:
        """The posting that has been due longest, claimed for `LEASE`; those that have lost their purpose are dropped on the way."""
        store = self._context.store
        while (posting := await store.postings.claim(self._context.now(), LEASE)) is not None:
            webhook = await store.webhooks.get(posting.webhook_id)
            notice = await store.inboxes.get(posting.account_id, posting.notice_id)
            if webhook is not None and webhook.disabled_at is None and notice is not None:
                return Parcel(posting, webhook, notice)
            await store.postings.delete(posting.id)
        return None

    async def arrived(self, parcel: Parcel) -> None:
        await self._context.store.webhooks.mark_well(parcel.webhook.id)
        await self._context.store.postings.delete(parcel.posting.id)

    async def failed(self, parcel: Parcel, status: int | None) -> None:
        """Tried again later; the address is given up when it says so itself (410) or nothing has arrived for days."""
        context = self._context
        at = context.now()
        next_at = parcel.posting.next_at(at)

        async def work(unit: UnitPort) -> None:
            await unit.webhooks.mark_failing(parcel.webhook.id, at)
            webhook = await unit.webhooks.get(parcel.webhook.id)
            if webhook is not None and (status == GONE or webhook.is_given_up(at)):
                await self._give_up(unit, webhook)
            elif next_at is None:
                await unit.postings.delete(parcel.posting.id)
            else:
                await unit.postings.put_off(parcel.posting, next_at)

        await context.store.transact(work)

    async def _give_up(self, unit: UnitPort, webhook: Webhook) -> None:
        at = self._context.now()
        if await unit.webhooks.disable(webhook.id, at):
            await unit.postings.delete_of(webhook.id)
            days = GIVEN_UP_AFTER.days
            text = f"发往 {urlsplit(webhook.url).hostname} 的 webhook 已停用：对方已关闭，或连续 {days} 天没有收到。请检查后重新登记。"
            await unit.outbox.add(
                Notice(
                    id=self._context.store.new_id(),
                    at=at,
                    recipient=to_account(webhook.account_id),
                    kind=NoticeKind.WEBHOOK_DISABLED,
                    title=NoticeKind.WEBHOOK_DISABLED.label,
                    text=text,
                )
            )
