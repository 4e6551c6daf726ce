"""A sign-in that runs beside a change of the password, or beside the closing of the account: no session with the old standing is left."""

import asyncio

import pytest

from api.hashing import Hashing
from api.keys import ACCOUNTS, IDENTITY
from models.account import Principal
from models.errors import UnauthenticatedError, WrongCredentialsError
from models.vocabulary import Role
from tests.conftest import COMMUNITY, PASSWORD, Service

ADMIN = Principal("admin-7", Role.ADMIN, "测试管理员", None, None)
NEW = "another horse battery"


class Slow(Hashing):
    """Between "the password is right" and what follows from it there is as much time as the test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.checked, self.go_on = asyncio.Event(), asyncio.Event()

    async def matches(self, hashed: str, password: str) -> bool:
        found = await super().matches(hashed, password)
        self.checked.set()
        await self.go_on.wait()
        return found


@pytest.mark.parametrize("act", ["new password", "shut"])
async def test_who_was_let_in_by_what_is_no_longer_so_is_not_let_in(service: Service, act: str) -> None:
    identity, keeping = service.client.app[IDENTITY], service.client.app[ACCOUNTS]
    account = await identity.add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    identity.hashing.close()
    slow = identity.hashing = Slow()
    entering = asyncio.create_task(identity.sign_in("周居民", PASSWORD, "198.51.100.1"))
    await slow.checked.wait()
    if act == "shut":
        await keeping.set_active(ADMIN, account.id, False)
    else:
        await keeping.new_password(ADMIN, account.id)
    slow.go_on.set()
    with pytest.raises(WrongCredentialsError):
        await entering
    assert await service.store.database["sessions"].count_documents({"account_id": account.id}) == 0


async def test_of_many_sign_ins_while_the_password_changes_none_with_the_old_one_survives(service: Service) -> None:
    identity = service.client.app[IDENTITY]
    account = await identity.add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)

    async def enter(client: int) -> str | None:
        try:
            return (await identity.sign_in("周居民", PASSWORD, f"198.51.100.{client}"))[0]
        except WrongCredentialsError:
            return None

    *tokens, _ = await asyncio.gather(*map(enter, range(8)), identity.set_password(account, NEW))
    for token in filter(None, tokens):
        with pytest.raises(UnauthenticatedError):
            await identity.holder(token)
    token, _ = await identity.sign_in("周居民", NEW, "198.51.100.9")
    assert (await identity.holder(token)).account_id == account.id
