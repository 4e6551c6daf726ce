"""The columns in a file of the data directory, so that the next start reads them instead of everybody's documents.

An npz file, no pickle: arrays, and what else there is as JSON in one of them. The zip format checks each part by its CRC-32.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import matcher.ranking
import models
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.snapshot import SnapshotError, packed, unpacked
from models.place import Regions

HEAD = "head"
# What a damaged or foreign file raises when it is read.
UNUSABLE = (SnapshotError, OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError)


def fingerprint(catalogue: Catalogue, regions: Regions, carried: tuple[str, ...], *others: str) -> str:
    """Of all that decides what columns look like, but for the providers: also the code itself that fills them and ranks."""
    found = hashlib.sha256()
    for package in (matcher.ranking, models):
        for folder in package.__path__:
            for source in sorted(Path(folder).rglob("*.py")):
                found.update(source.read_bytes())
    found.update(repr((catalogue.codes, carried, others)).encode())
    found.update(catalogue.credit.tobytes())
    found.update(repr(sorted((region.code, region.point) for region in regions)).encode())
    return found.hexdigest()


class SnapshotFile:
    """Blocking: use it in a thread."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path, self.fingerprint = path, fingerprint

    @property
    def written_at(self) -> float:
        """By the clock of the file system, in seconds; 0 where there is none."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0

    def turn(self) -> int:
        """A descriptor of the file by whose lock those who would make the same columns take turns. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self.path.with_suffix(".turn"), os.O_RDWR | os.O_CREAT, 0o600)

    def sweep(self) -> None:
        """What a writer has left beside the file and will not finish, because it is gone. Before this process writes."""
        for beside in self.path.parent.glob(f"{self.path.stem}.*"):
            pid = beside.suffix.removeprefix(".")
            if pid.isdecimal() and (int(pid) == os.getpid() or not _lives(int(pid))):
                beside.unlink(missing_ok=True)

    def head(self) -> dict[str, Any] | None:
        """What stands at its beginning, if there is a file. Raises SnapshotError for one that is not of these columns."""
        if not self.path.is_file():
            return None
        with self._opened() as file:
            return self._head_of(file)

    def read(self, like: Columns) -> Columns:
        """Raises SnapshotError."""
        with self._opened() as file:
            return unpacked(like, file.__getitem__, self._head_of(file)["numbers"])

    def write(self, columns: Columns, token: str) -> int:
        """Nobody may write to the columns meanwhile. Whole or not at all: a reader sees the old file or the new one. In bytes."""
        arrays, numbers = packed(columns)
        head = {"fingerprint": self.fingerprint, "token": token, "numbers": numbers}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(f".{os.getpid()}")
        try:
            with beside.open("wb") as file:
                beside.chmod(0o600)
                np.savez(file, **{HEAD: np.frombuffer(json.dumps(head).encode(), np.uint8)}, **arrays)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            size = beside.stat().st_size
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)
        return size

    def _head_of(self, file: Any) -> dict[str, Any]:
        head: dict[str, Any] = json.loads(file[HEAD].tobytes())
        if head["fingerprint"] != self.fingerprint:
            raise SnapshotError("made for another model, catalogue, map or database, or by another version")
        return head

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        try:
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                yield file
        except UNUSABLE as error:
            raise SnapshotError(f"{type(error).__name__}: {error}") from error


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
