"""Webhooks: addresses that an account's notices are sent to, signed after the Standard Webhooks scheme."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

PREFIX = "whsec_"
# From the failed attempt to the next, by attempts made: some three days in all, as Standard Webhooks advises.
BACK_OFF = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(days=1),
)
# Nothing has arrived for so long: nobody is there any more.
GIVEN_UP_AFTER = timedelta(days=3)
MOST_WEBHOOKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`failing_since` is the first failure after the last success; a disabled one is sent nothing more."""

    id: str
    account_id: str
    url: str
    secret: str
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None

    def is_given_up(self, at: datetime) -> bool:
        return self.failing_since is not None and at - self.failing_since >= GIVEN_UP_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One notice on its way to one webhook; its id is the `webhook-id`, the same at every attempt. Due while it has `due_at`."""

    id: str
    webhook_id: str
    account_id: str
    notice_id: str
    due_at: datetime
    attempts: int = 0

    def next_at(self, at: datetime) -> datetime | None:
        """When to try again after a failure at `at`; None after the last attempt."""
        return at + BACK_OFF[self.attempts - 1] if self.attempts <= len(BACK_OFF) else None


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; see standardwebhooks.com."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a webhook secret") from error
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
