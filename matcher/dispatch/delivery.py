"""From the outbox to the people: each row is claimed by one worker, and what it causes is written with its closing."""

from datetime import timedelta

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from models.account import ProviderRef
from models.notice import Claimed, Recipient, RecipientKind
from models.vocabulary import ProviderKind

LEASE = timedelta(seconds=30)


class Delivery:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def deliver_next(self) -> bool:
        """Put the row that has been due longest into the inboxes it is for; False when none is due.

        A worker that dies between claim and commit leaves the row due again after `LEASE`; one that is merely slow finds the row
        claimed by another, and its transaction changes nothing.
        """
        context = self._context
        at = context.now()
        claimed = await context.store.outbox.claim(at, LEASE)
        if claimed is None:
            return False

        async def work(unit: UnitPort) -> None:
            await self._deliver(unit, claimed)

        await context.store.transact(work)
        return True

    async def _deliver(self, unit: UnitPort, claimed: Claimed) -> None:
        at = self._context.now()
        accounts = await accounts_of(unit, claimed.notice.recipient)
        if await unit.outbox.close(claimed, at, len(accounts)):
            for account_id in accounts:
                await unit.inboxes.put(account_id, claimed.notice, at)


async def accounts_of(unit: UnitPort, recipient: Recipient) -> list[str]:
    """Whom a notice reaches now; nobody, for a provider without an account."""
    if recipient.kind == RecipientKind.ACCOUNT:
        return [recipient.key]
    if recipient.kind == RecipientKind.PROVIDER:
        kind, _, id = recipient.key.partition(":")
        return await unit.accounts.ids_of_provider(ProviderRef(ProviderKind(kind), id))
    return await unit.accounts.overseers_of(recipient.key)
