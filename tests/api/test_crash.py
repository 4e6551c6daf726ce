"""A worker that dies between its commit and its reply: the next copy of the call hears what the dead one would have said."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from models.store.embedded import EmbeddedServer
from models.vocabulary import Role
from tests.api.support import told
from tests.conftest import GRID, ServiceMaker
from tests.processes import SANDAN, environment, free_port

NEED = {"text": "厨房水龙头关不紧一直漏水", "region": GRID}


class Wire:
    """Between a worker and MongoDB. Once `armed`, the first answer to a commit is kept back: `committed` tells that it has come."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.armed, self.committed = False, asyncio.Event()
        self.open = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        there, back = await asyncio.open_connection(self._host, self._port)
        asked = False

        async def to_server() -> None:
            nonlocal asked
            while data := await reader.read(65536):
                asked = asked or (self.armed and b"commitTransaction" in data)
                back.write(data)

        async def to_worker() -> None:
            while data := await there.read(65536):
                if not asked:
                    writer.write(data)
                else:
                    self.committed.set()

        ways = [asyncio.ensure_future(way()) for way in (to_server, to_worker)]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (back, writer):
            end.close()
        self.open -= 1


@asynccontextmanager
async def wire_to(uri: str) -> AsyncIterator[tuple[Wire, str]]:
    parts = urlsplit(uri)
    assert parts.hostname is not None
    assert parts.port is not None
    wire = Wire(parts.hostname, parts.port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield wire, f"mongodb://127.0.0.1:{port}/?directConnection=true"
    server.close()
    while wire.open:
        await asyncio.sleep(0.01)


async def answers(session: aiohttp.ClientSession, address: str, process: asyncio.subprocess.Process) -> None:
    while True:
        assert process.returncode is None
        try:
            async with session.get(f"{address}/readyz") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)


async def test_killed_right_after_the_commit_a_worker_leaves_one_effect_and_its_answer(
    make_service: ServiceMaker, mongod: EmbeddedServer, tmp_path: Path
) -> None:
    other = await make_service()
    token = await other.token(Role.RESIDENT)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with wire_to(mongod.uri) as (wire, uri), aiohttp.ClientSession() as session:
        settings = {"SANDAN_MONGODB_URI": uri, "SANDAN_DATABASE": other.store.database.name}
        process = await asyncio.create_subprocess_exec(
            SANDAN, "serve", "--port", str(port), env=environment(tmp_path, settings), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await asyncio.wait_for(answers(session, address, process), 60)
            wire.armed = True
            call = asyncio.create_task(session.post(f"{address}/api/v1/needs", json=NEED, headers=headers))
            await asyncio.wait_for(wire.committed.wait(), 30)
            assert not call.done()
        finally:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        assert isinstance((await asyncio.gather(call, return_exceptions=True))[0], aiohttp.ClientError)
    [need] = [document async for document in other.store.database["needs"].find({})]
    replies = []
    for _ in range(2):
        async with other.client.post("/api/v1/needs", json=NEED, headers=headers) as response:
            assert (response.status, response.headers["Idempotency-Replayed"]) == (201, "true")
            replies.append(await response.read())
            assert (await response.json())["id"] == need["_id"]
    assert replies[0] == replies[1]
    await told(other.store)
    for collection, count in (("needs", 1), ("outbox", 1)):
        assert await other.store.database[collection].count_documents({}) == count
