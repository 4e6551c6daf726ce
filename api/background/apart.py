"""The columns made by a process of their own (api/loader.py), of which this process takes the finished arrays over."""

import asyncio
import json
import os
import sys
from typing import Any

from api.background.arena import Arena
from matcher.ranking.columns import Columns
from matcher.ranking.snapshot import SnapshotError, unpacked
from models.vocabulary import ProviderKind

# Where arrays can be handed over, and processes forked.
APART_IS_POSSIBLE = sys.platform == "linux" and hasattr(os, "memfd_create")
# The columns, and by kind the ids of those that have to be read one by one.
Loaded = tuple[Columns, dict[ProviderKind, list[str]]]


class ApartError(Exception):
    """The other process has not done it. What it had to say is on standard error."""


async def loaded_apart(uri: str, database: str, columns: Columns) -> Loaded:
    """For the same catalogue, regions and regions carried as `columns`, sorted and with their blocks. Raises ApartError."""
    try:
        arena = Arena.make()
    except OSError as error:
        raise ApartError(str(error)) from error
    try:
        told = await _told(uri, database, columns, arena)
        odd = dict(zip(ProviderKind, told["odd"], strict=True))
        return await asyncio.to_thread(_taken, columns, arena, told), odd
    except (OSError, ValueError, SnapshotError) as error:
        raise ApartError(f"{type(error).__name__}: {error}") from error
    finally:
        arena.close()


async def _told(uri: str, database: str, columns: Columns, arena: Arena) -> Any:
    """What the process answers. It ends when this one does, or no longer waits for it."""
    asked = {
        "uri": uri, "database": database, "arena": arena.descriptor,
        "carried": columns.carried, "codes": columns.catalogue.codes, "blocks_from": columns.blocks_from,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api.loader",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, pass_fds=(arena.descriptor,), start_new_session=True,
    )  # fmt: skip
    try:
        answer, _ = await process.communicate(json.dumps(asked).encode())
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise ApartError(f"it ended with {process.returncode}")
    return json.loads(answer)


def _taken(columns: Columns, arena: Arena, told: Any) -> Columns:
    return unpacked(columns, lambda name: arena.read(told["places"][name]), told["numbers"])
