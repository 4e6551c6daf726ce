"""Calls that the service makes to addresses which others have named: never into the network that it stands in."""

import ipaddress
import socket
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from models.errors import InvalidInputError

SECONDS = ClientTimeout(total=15, connect=5)
AT_ONCE = 20


class ForbiddenAddressError(OSError):
    """The name stands for an address that is not the open Internet's."""


class GuardedResolver(AbstractResolver):
    """Checks what the connection is then made to: a name that changes its answer between check and use gains nothing."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not found or not all(is_public(each["host"]) for each in found):
            raise ForbiddenAddressError(f"{host} is not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


class Outbound:
    """`private` allows addresses of one's own network, and http to one's own machine: for trials, and for closed networks."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        resolver: AbstractResolver = ThreadedResolver() if private else GuardedResolver()
        self._resolver = resolver
        # A name is resolved for each new connection, so that what was checked once is not trusted for long.
        self._connector = TCPConnector(resolver=resolver, limit=AT_ONCE, use_dns_cache=False, force_close=True)
        self._session = ClientSession(connector=self._connector, timeout=SECONDS, cookie_jar=DummyCookieJar(), trust_env=False)

    async def close(self) -> None:
        await self._session.close()

    async def require_allowed(self, url: str) -> None:
        """Raises InvalidInputError for an address that would not be called. A name that cannot be resolved now may be later."""
        parts = self._checked(url)
        try:
            await self._resolver.resolve(parts.hostname or "", parts.port or 443)
        except ForbiddenAddressError:
            raise _refusal("不能是内部网络的地址") from None
        except OSError:
            return

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status. Redirects are not followed and the answer is not read. Raises OSError, aiohttp.ClientError or TimeoutError."""
        try:
            self._checked(url)
        except InvalidInputError as error:
            raise ForbiddenAddressError(url) from error
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status

    def _checked(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            literal = _literal(parts.hostname or "")
            parts.port  # noqa: B018 - raises for a port that is none
        except ValueError:
            raise _refusal("应当是网址") from None
        if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
            raise _refusal("应当是网址，不带用户名、密码和 #")
        if literal is not None and not self._private and not is_public(str(literal)):
            raise _refusal("不能是内部网络的地址")
        to_self = parts.hostname == "localhost" or (literal is not None and literal.is_loopback)
        if parts.scheme != "https" and not (parts.scheme == "http" and to_self and self._private):
            raise _refusal("应当以 https:// 开头")
        return parts


def _literal(host: str) -> Any:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(host: str) -> bool:
    """Whether an IP address is one of the open Internet: not of this machine, its network, a cloud's own services, or a multicast group."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            address = inner
        elif address in ipaddress.ip_network("64:ff9b::/96"):
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast


def _refusal(why: str) -> InvalidInputError:
    return InvalidInputError("填写的内容有误", {"url": [why]})
