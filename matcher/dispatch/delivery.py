"""From the outbox to the people: each row is claimed by one worker, and what it causes is written with its closing."""

from collections.abc import Mapping
from datetime import timedelta

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from models.account import ProviderRef
from models.notice import URGENT, Claimed, Notice, NoticeKind, Received, Recipient, RecipientKind
from models.quiet import NEVER_QUIET
from models.vocabulary import ProviderKind
from models.webhook import Posting

LEASE = timedelta(seconds=30)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)


class Delivery:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def deliver_next(self) -> bool:
        """Put the row that has been due longest into the inboxes it is for; False when none is due.

        A worker that dies between claim and commit leaves the row due again after `LEASE`; one that is merely slow finds the row
        claimed by another, and its transaction changes nothing. A row that cannot be delivered raises, and comes again later
        each time, so that it keeps no other waiting.
        """
        context = self._context
        at = context.now()
        claimed = await context.store.outbox.claim(at, LEASE)
        if claimed is None:
            return False

        async def work(unit: UnitPort) -> None:
            await self._deliver(unit, claimed)

        try:
            await context.store.transact(work)
        except Exception:
            await context.store.outbox.put_off(claimed, at + wait_after(claimed.attempts))
            raise
        return True

    async def _deliver(self, unit: UnitPort, claimed: Claimed) -> None:
        at = self._context.now()
        accounts = await accounts_of(unit, claimed.notice.recipient)
        if not await unit.outbox.close(claimed, at, len(accounts)):
            return
        notice, received = claimed.as_told(), dict[str, Received]()
        quiet = await unit.accounts.quiet_of(accounts) if can_wait(notice) else {}
        for account_id in accounts:
            until = quiet.get(account_id, NEVER_QUIET).end_after(at)
            if until is None:
                received[account_id] = await unit.inboxes.put(account_id, notice, at)
            else:
                await unit.outbox.hold(account_id, notice, until)
        await unit.postings.add(*await self._postings(unit, received))

    async def _postings(self, unit: UnitPort, received: Mapping[str, Received]) -> list[Posting]:
        webhooks = [each for each in await unit.webhooks.of_accounts(list(received)) if each.disabled_at is None]
        return [
            Posting(
                id=self._context.store.new_id(),
                webhook_id=webhook.id,
                account_id=webhook.account_id,
                notice_id=received[webhook.account_id].id,
                due_at=received[webhook.account_id].at,
            )
            for webhook in webhooks
        ]


def wait_after(attempts: int) -> timedelta:
    """From a failed delivery to the next: doubled each time, an hour at most."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def can_wait(notice: Notice) -> bool:
    """A digest has waited already."""
    return notice.urgency < URGENT and notice.kind != NoticeKind.DIGEST


async def accounts_of(unit: UnitPort, recipient: Recipient) -> list[str]:
    """Whom a notice reaches now; nobody, for a provider without an account."""
    if recipient.kind == RecipientKind.ACCOUNT:
        return [recipient.key]
    if recipient.kind == RecipientKind.PROVIDER:
        kind, _, id = recipient.key.partition(":")
        return await unit.accounts.ids_of_provider(ProviderRef(ProviderKind(kind), id))
    return await unit.accounts.overseers_of(recipient.key)
