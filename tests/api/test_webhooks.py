"""Webhooks: signed, at least once, given up in the end, and never into the network that the service stands in."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from api.outbound import ForbiddenAddressError, Outbound, is_public
from models.errors import InvalidInputError
from models.schedule import now
from models.vocabulary import Role
from models.webhook import BACK_OFF, signature
from tests.api.support import told, until
from tests.conftest import Service, ServiceMaker
from tests.make import posting

PATH = "/api/v1/webhooks"
Received = tuple[dict[str, str], bytes]


class Receiver:
    """A server of somebody else's, which answers with the statuses it is given, then 204."""

    def __init__(self) -> None:
        self.got: list[Received] = []
        self.statuses: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        status = self.statuses.pop(0) if self.statuses else 204
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else None)

    async def until(self, count: int) -> None:
        async def holds() -> bool:
            return len(self.got) >= count

        await until(holds)


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    taking, app = Receiver(), web.Application()
    app.router.add_post("/{tail:.*}", taking.take)
    async with TestServer(app) as server:
        yield taking, str(server.make_url("/hook"))


async def hooked(service: Service, url: str, role: Role = Role.COMMUNITY) -> dict[str, Any]:
    answer: dict[str, Any] = await service.call(role, "POST", PATH, {"url": url}, expect=201)
    return answer


def verified(secret: str, received: Received) -> dict[str, Any]:
    """As a receiver does it after standardwebhooks.com, knowing none of our code."""
    headers, body = received
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert f"v1,{expected}" in headers["webhook-signature"].split(" ")
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    content: dict[str, Any] = json.loads(body)
    return content


async def hurry(service: Service, **changes: Any) -> None:
    """Let every posting be due now."""
    await service.store.database["postings"].update_many({}, {"$set": {"due_at": now()} | changes})


async def test_the_scheme_is_the_standard_s() -> None:
    """The example of the Standard Webhooks specification."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert (
        signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


async def test_what_is_told_is_posted_signed_to_its_account_s_address(service: Service, receiver: tuple[Receiver, str]) -> None:
    taking, url = receiver
    webhook = await hooked(service, url)
    need = await service.need()
    await taking.until(1)
    content = verified(webhook["secret"], taking.got[0])
    [notice] = (await service.call(Role.COMMUNITY, "GET", "/api/v1/notices", expect=200))["items"]
    del notice["read_at"]
    assert (content["type"], content["data"]) == ("need.posted", notice)
    assert notice["need_id"] == need["id"]
    await service.need(who=Role.ADMIN, channel="community")
    await taking.until(2)
    assert len({headers["webhook-id"] for headers, _ in taking.got}) == 2


async def test_the_secret_is_shown_once_and_an_address_is_its_owner_s_alone(
    service: Service, receiver: tuple[Receiver, str]
) -> None:
    _, url = receiver
    webhook = await hooked(service, url)
    [listed] = (await service.call(Role.COMMUNITY, "GET", PATH, expect=200))["items"]
    assert webhook == {**listed, "secret": webhook["secret"]}
    assert (await service.call(Role.RESIDENT, "GET", PATH, expect=200))["items"] == []
    await service.call(Role.RESIDENT, "DELETE", f"{PATH}/{webhook['id']}", expect=404)
    await service.call(Role.COMMUNITY, "POST", PATH, {"url": url}, expect=409)
    await service.call(Role.COMMUNITY, "DELETE", f"{PATH}/{webhook['id']}", expect=204)
    assert (await service.call(Role.COMMUNITY, "GET", PATH, expect=200))["items"] == []


async def test_what_failed_comes_again_as_it_was_and_later_each_time(service: Service, receiver: tuple[Receiver, str]) -> None:
    taking, url = receiver
    taking.statuses = [500, 302]
    webhook = await hooked(service, url)
    await service.need()

    async def tried(count: int) -> bool:
        document = await service.store.database["postings"].find_one({"attempts": count})
        return document is not None and document["due_at"] > now() + BACK_OFF[count - 1] - timedelta(seconds=5)

    for attempt in (1, 2):
        await taking.until(attempt)
        await until(lambda attempt=attempt: tried(attempt))  # type: ignore[misc]
        await hurry(service)
    await taking.until(3)
    first, *others = [(headers["webhook-id"], body) for headers, body in taking.got]
    assert others == [first, first]
    for received in taking.got:
        verified(webhook["secret"], received)

    async def well() -> bool:
        [listed] = (await service.call(Role.COMMUNITY, "GET", PATH, expect=200))["items"]
        return listed["failing_since"] is None and await service.store.database["postings"].count_documents({}) == 0

    await until(well)


async def disabled(service: Service) -> bool:
    [listed] = (await service.call(Role.COMMUNITY, "GET", PATH, expect=200))["items"]
    return listed["disabled_at"] is not None


async def owner_was_told(service: Service) -> bool:
    await told(service.store)
    items = (await service.call(Role.COMMUNITY, "GET", "/api/v1/notices", expect=200))["items"]
    return [item["kind"] for item in items].count("webhook.disabled") == 1


@pytest.mark.parametrize("gone", [True, False])
async def test_an_address_that_is_gone_or_failed_for_days_is_given_up_and_its_owner_told(
    service: Service, receiver: tuple[Receiver, str], gone: bool
) -> None:
    taking, url = receiver
    taking.statuses = [410 if gone else 500] * 5
    await hooked(service, url)
    if not gone:
        days_ago = now() - timedelta(days=3)
        await service.store.database["webhooks"].update_many({}, {"$set": {"failing_since": days_ago}})
    await service.need()
    await until(lambda: disabled(service))
    await until(lambda: owner_was_told(service))
    await service.need(text="电灯不亮")
    await told(service.store)
    assert await service.store.database["postings"].count_documents({}) == 0
    assert len(taking.got) == 1


def test_the_waits_grow_from_seconds_to_a_day_and_then_end() -> None:
    at = now()
    waits = [posting(attempts=attempts).next_at(at) for attempts in range(1, len(BACK_OFF) + 1)]
    assert waits[0] == at + timedelta(seconds=5)
    assert waits[-1] == at + timedelta(days=1)
    assert waits == sorted(waits)
    assert posting(attempts=len(BACK_OFF) + 1).next_at(at) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "nonsense",
    ],
)  # fmt: skip
def test_an_inner_address_is_no_public_one(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_an_open_address_is_one(address: str) -> None:
    assert is_public(address)


@pytest.fixture
async def outbound() -> AsyncIterator[Callable[[bool], Outbound]]:
    made: list[Outbound] = []

    def make(private: bool) -> Outbound:
        made.append(Outbound(private=private))
        return made[-1]

    yield make
    for each in made:
        await each.close()


FORBIDDEN = [
    "http://example.org/", "ftp://example.org/", "//example.org/", "https://", "https://a:b@example.org/", "https://x:99999/",
    "https://example.org/#x", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://169.254.169.254/latest",
    "https://[::ffff:192.168.0.1]/", "https://localhost/", "https://127.1/", "https://2130706433/", "https://[::1", "nonsense", "http://127.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", FORBIDDEN)
async def test_an_address_that_is_not_open_https_is_refused(outbound: Callable[[bool], Outbound], url: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await outbound(False).require_allowed(url)
    assert list(refusal.value.fields) == ["url"]


async def test_a_name_is_checked_again_when_it_is_called(outbound: Callable[[bool], Outbound]) -> None:
    guarded = outbound(False)
    for host in ("localhost", "0x7f000001", "10.0.0.1", "[::1]"):
        with pytest.raises(OSError) as refused:
            await guarded.post(f"https://{host}:9/", b"{}", {})
        assert ForbiddenAddressError.__name__ in repr(refused.value)


async def test_the_api_refuses_what_is_not_open_unless_the_setting_allows_it(make_service: ServiceMaker) -> None:
    service = await make_service(webhook_private=False)
    for url in ("http://127.0.0.1:9/hook", "https://localhost/hook"):
        answer = await service.call(Role.COMMUNITY, "POST", PATH, {"url": url}, expect=422)
        assert list(answer["fields"]) == ["url"]
    allowed = await make_service(webhook_private=True)
    await allowed.call(Role.COMMUNITY, "POST", PATH, {"url": "http://127.0.0.1:9/hook"}, expect=201)
    await allowed.call(Role.COMMUNITY, "POST", PATH, {"url": "http://10.0.0.1/hook"}, expect=422)
