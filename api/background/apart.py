"""The columns made by a process of their own (api/loader.py), of which this process takes the finished arrays over."""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from api.background.arena import Arena
from api.background.snapshots import SnapshotFile
from matcher.ranking.columns import Columns
from matcher.ranking.snapshot import SnapshotError, unpacked
from models.vocabulary import ProviderKind

# Where arrays can be handed over, and processes forked.
APART_IS_POSSIBLE = sys.platform == "linux" and hasattr(os, "memfd_create")
# The columns, and by kind the ids of those that have to be read one by one.
Loaded = tuple[Columns, dict[ProviderKind, list[str]]]


# An answer names the arrays, and whom it has left out.
LONGEST_ANSWER = 1 << 28
log = structlog.get_logger("sandan.columns")


class ApartError(Exception):
    """The other process has not done it. What it had to say is on standard error."""


@dataclass(slots=True)
class Keeping:
    """Where the other process is to write a snapshot when it has handed over the columns, and whether it has `begun` to; a disk that
    is full costs the next start its time and nothing else. `token` is that of a stream opened before; `turn` is a descriptor that the
    process holds until it has written."""

    snapshot: SnapshotFile
    token: str
    turn: int
    begun: bool = False
    process: asyncio.subprocess.Process | None = None

    async def stop(self) -> bool:
        """What is half written is removed; whether there was such."""
        if self.process is None or self.process.returncode is not None:
            return False
        self.process.terminate()
        return await self.process.wait() != 0


async def loaded_apart(uri: str, database: str, columns: Columns, keeping: Keeping | None, *, serving: bool) -> Loaded:
    """For the same catalogue, regions and regions carried as `columns`, sorted and with their blocks; without haste where this process
    is `serving` with them. Raises ApartError."""
    try:
        arena = Arena.make()
    except OSError as error:
        raise ApartError(str(error)) from error
    snapshot = None if keeping is None else (str(keeping.snapshot.path), keeping.snapshot.fingerprint, keeping.token)
    asked = {
        "uri": uri, "database": database, "arena": arena.descriptor, "snapshot": snapshot, "serving": serving,
        "carried": columns.carried, "codes": columns.catalogue.codes, "blocks_from": columns.blocks_from,
    }  # fmt: skip
    try:
        told = await _told(asked, arena, keeping)
        if keeping is not None:
            keeping.begun = told["keeps"]
        odd = dict(zip(ProviderKind, told["odd"], strict=True))
        started = time.perf_counter()
        fresh = await asyncio.to_thread(_taken, columns, arena, told)
        seconds = {name: round(each, 2) for name, each in (told["seconds"] | {"taking": time.perf_counter() - started}).items()}
        log.info("columns made by a process of their own", **seconds)
        return fresh, odd
    except (OSError, ValueError, SnapshotError) as error:
        raise ApartError(f"{type(error).__name__}: {error}") from error
    finally:
        # Gigabytes given back: some thirty milliseconds a million providers.
        await asyncio.to_thread(arena.close)


async def _told(asked: dict[str, Any], arena: Arena, keeping: Keeping | None) -> Any:
    """What the process answers. It ends when this one does, or no longer waits for it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api.loader", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, process_group=0,
        pass_fds=(arena.descriptor, *([keeping.turn] if keeping else [])), limit=LONGEST_ANSWER,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(ConnectionError):
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            await process.stdin.drain()
        answer = await process.stdout.readline()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if not answer:
        raise ApartError(f"it ended with {await process.wait()}")
    if keeping is None:
        await process.wait()
    else:
        keeping.process = process
    return json.loads(answer)


def _taken(columns: Columns, arena: Arena, told: Any) -> Columns:
    return unpacked(columns, lambda name: arena.read(told["places"][name]), told["numbers"])
