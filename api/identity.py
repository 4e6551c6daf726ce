"""Signing in and out: argon2 passwords, opaque tokens kept only as hashes."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher

from api.attempts import Attempts
from api.hashing import Hashing
from models.account import Account, Principal, ProviderRef
from models.errors import DuplicateError, UnauthenticatedError, WrongCredentialsError
from models.schedule import now
from models.store import Store, Unit
from models.vocabulary import Role

ATTEMPT_MINUTES = 5


class Identity:
    def __init__(self, store: Store, *, session_days: int, attempts: int) -> None:
        self._store = store
        self._lifetime = timedelta(days=session_days)
        self.hashing = Hashing()
        self._attempts = Attempts(attempts, ATTEMPT_MINUTES)
        self._nobody = _hash_of_nobody()

    def close(self) -> None:
        self.hashing.close()

    async def add_account(
        self, username: str, password: str, role: Role, name: str, region: str | None, provider: ProviderRef | None = None
    ) -> Account:
        """Raises DuplicateError for a username that is taken, or a provider who has an account."""
        account = Account(
            self._store.new_id(), username, role, name, region, provider, await self.hashing.hashed(password), True, now()
        )

        async def work(unit: Unit) -> None:
            await unit.accounts.add(account)
            if provider is not None and not await unit.providers.claim(provider, account.id):
                raise DuplicateError(f"承接方 {provider} 已经有账号，或不存在")

        await self._store.transact(work)
        return account

    async def matches(self, account: Account, password: str) -> bool:
        return await self.hashing.matches(account.password_hash, password)

    async def set_password(self, account: Account, password: str) -> None:
        hashed = await self.hashing.hashed(password)
        await self._store.transact(lambda unit: exchange_password(unit, account.id, hashed))

    async def sign_in(self, username: str, password: str, client: str) -> tuple[str, Account]:
        """A new token and whose it is. Failures are counted per username and client address; when too many come at once raises
        SignInBusyError."""
        with self.hashing.admitted(client), self._attempts.trying(username, client):
            account = await self._recognised(username, password)
            token = await self._let_in(account)
        return token, replace(account, password_hash="")

    async def _let_in(self, account: Account) -> str:
        """A session for who gave the right password, if it is still the right one: while it was checked, which takes long, somebody
        may have changed it and ended the sessions that there were."""
        token, at = secrets.token_urlsafe(32), now()

        async def work(unit: Unit) -> None:
            if not await unit.accounts.let_in(account.id, account.password_hash, at):
                raise _wrong()
            await unit.sessions.add(fingerprint(token), account.id, at + self._lifetime, at)

        await self._store.transact(work)
        return token

    async def _recognised(self, username: str, password: str) -> Account:
        account = await self._store.accounts.find_by_username(username)
        # Unknown names cost the same as known ones, so that the time does not tell which exist.
        matches = await self.hashing.matches(account.password_hash if account else self._nobody, password)
        if account is None or not matches or not account.active:
            raise _wrong()
        return account

    async def principal(self, authorization: str | None) -> Principal:
        """Whom an Authorization header stands for; raises UnauthenticatedError."""
        return await self.holder(bearer(authorization))

    async def holder(self, token: str) -> Principal:
        """Whom a token stands for, by whatever way it came; raises UnauthenticatedError."""
        found = await self._store.sessions.find_principal(fingerprint(token), now())
        if found is None:
            raise UnauthenticatedError("登录已失效，请重新登录")
        return found

    async def sign_out(self, authorization: str | None) -> None:
        await self.end(bearer(authorization))

    async def end(self, token: str) -> None:
        """The session is over for whoever holds its token."""
        await self._store.sessions.delete(fingerprint(token))


async def exchange_password(unit: Unit, account_id: str, password_hash: str) -> None:
    """Every session of the account ends with its old password, in one transaction."""
    await unit.accounts.set_password(account_id, password_hash)
    await unit.sessions.delete_of(account_id)


def _wrong() -> WrongCredentialsError:
    return WrongCredentialsError("用户名或密码不正确")


@cache
def _hash_of_nobody() -> str:
    """A password that nobody has; reckoned once a process, since it takes as long as a sign-in."""
    return PasswordHasher().hash(secrets.token_urlsafe())


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthenticatedError("请先登录：在 Authorization 里带上 Bearer 令牌")
    return token.strip()
