"""Who is signed in, as an answer."""

from api.views.shared import View
from models.account import Account, Principal


def account_view(account: Account) -> View:
    return {"id": account.id, "role": account.role, "name": account.name, "region": account.region}


def me_view(who: Principal) -> View:
    provider = {"kind": who.provider.kind, "id": who.provider.id} if who.provider else None
    return {"id": who.account_id, "role": who.role, "name": who.name, "region": who.region, "provider": provider}


def kept_account_view(account: Account) -> View:
    provider = {"kind": account.provider.kind, "id": account.provider.id} if account.provider else None
    return {
        **account_view(account),
        "username": account.username,
        "active": account.active,
        "provider": provider,
        "created_at": account.created_at,
    }
