"""账号 as administrators keep them: added, shut, opened, given a new password, signed out everywhere. Each is on record.

Here and not at the desk, since passwords and sessions are the API's own affair.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.identity import Identity, exchange_password
from models.account import Account, Principal
from models.errors import InvalidInputError, NotFoundError
from models.event import event_of
from models.place import Regions, lies_within
from models.schedule import now
from models.store import Store, Unit
from models.vocabulary import OVERSEER_ROLES, Role


@dataclass(frozen=True, slots=True)
class AccountDraft:
    username: str
    role: Role
    name: str = ""
    region: str | None = None


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """`username` is how it begins."""

    role: Role | None = None
    username: str = ""
    region: str | None = None


class AccountKeeping:
    """An administrator of a region keeps the accounts of that region and below; one of everything keeps all."""

    def __init__(self, store: Store, identity: Identity, regions: Regions) -> None:
        self._store, self._identity, self._regions = store, identity, regions

    async def list(self, who: Principal, wanted: AccountFilter, limit: int, before: str | None) -> list[Account]:
        """Newest first; without the hashes of their passwords."""
        return await self._store.accounts.list(wanted.role, wanted.username, who.region, limit, before)

    async def get(self, who: Principal, account_id: str) -> Account:
        account = await self._store.accounts.get(account_id)
        if account is None or not (who.region is None or (account.region and lies_within(account.region, who.region))):
            raise NotFoundError("没有这个账号")
        return account

    async def add(self, who: Principal, draft: AccountDraft) -> Account:
        """It has no password yet, and cannot sign in until it is given one. Raises DuplicateError for a name that is taken."""
        self._require_region(who, draft)
        account = Account(
            self._store.new_id(), draft.username, draft.role, draft.name or draft.username, draft.region, None, "", True, now()
        )
        await self._record(who, "account.added", account, lambda unit: unit.accounts.add(account))
        return account

    async def new_password(self, who: Principal, account_id: str) -> str:
        """The only time that it is told. Whoever was signed in with the old one is so no more."""
        account, password = await self.get(who, account_id), secrets.token_urlsafe(12)
        hashed = await self._identity.hashing.hashed(password)
        await self._record(who, "account.password_set", account, lambda unit: exchange_password(unit, account_id, hashed))
        return password

    async def set_active(self, who: Principal, account_id: str, active: bool) -> Account:
        """A shut account's sessions end, and do not come back with it."""
        account = await self.get(who, account_id)
        if account_id == who.account_id:
            raise InvalidInputError("不能停用自己的账号", {"active": ["不能停用自己的账号"]})
        action = "account.opened" if active else "account.shut"
        if active != account.active:
            await self._record(who, action, account, lambda unit: _set_active(unit, account_id, active))
        return await self.get(who, account_id)

    async def sign_out(self, who: Principal, account_id: str) -> None:
        account = await self.get(who, account_id)
        await self._record(who, "account.signed_out", account, lambda unit: unit.sessions.delete_of(account_id))

    async def _record(self, who: Principal, action: str, account: Account, change: Callable[[Unit], Awaitable[None]]) -> None:
        facts = {"username": account.username, "role": str(account.role)}
        event = event_of(who, action, now(), f"account:{account.id}", id=self._store.new_id(), facts=facts)

        async def work(unit: Unit) -> None:
            await change(unit)
            await unit.events.add(event)

        await self._store.transact(work)

    def _require_region(self, who: Principal, draft: AccountDraft) -> None:
        if draft.region is not None:
            self._regions.require(draft.region)
        elif draft.role in OVERSEER_ROLES - {Role.ADMIN}:
            raise InvalidInputError("要写明负责的区划", {"region": ["社区和街道的账号要写明负责的区划"]})
        if who.region is not None and not (draft.region and lies_within(draft.region, who.region)):
            raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})


async def _set_active(unit: Unit, account_id: str, active: bool) -> None:
    await unit.accounts.set_active(account_id, active)
    if not active:
        await unit.sessions.delete_of(account_id)
