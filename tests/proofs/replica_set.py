"""Three mongods of our own binary as one replica set on loopback, of which the primary can be killed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from models.store.embedded import TRANSACTION_SECONDS, find_binary
from tests.processes import free_port, until

NAME = "three"


class ReplicaSet:
    def __init__(self, folder: Path, ports: list[int]) -> None:
        self._folder, self.ports = folder, ports
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def uri(self) -> str:
        members = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"mongodb://{members}/?replicaSet={NAME}"

    def start(self, port: int) -> None:
        data = self._folder / str(port)
        data.mkdir(exist_ok=True)
        command = [find_binary(), "--dbpath", data, "--port", str(port), "--bind_ip", "127.0.0.1", "--replSet", NAME]
        command += ["--logpath", self._folder / f"{port}.log", "--logappend", "--nounixsocket"]
        command += ["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"]
        for setting in ("diagnosticDataCollectionEnabled=false", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"):
            command += ["--setParameter", setting]
        self._processes[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def found(self, election_ms: int) -> None:
        """Returns when they stand."""
        for port in self.ports:
            self.start(port)
        until(lambda: all(map(self._hello, self.ports)), "three mongods answer")
        members = [{"_id": place, "host": f"127.0.0.1:{port}"} for place, port in enumerate(self.ports)]
        config = {"_id": NAME, "members": members, "settings": {"electionTimeoutMillis": election_ms}}
        with self._asking(self.ports[0]) as client:
            client.admin.command("replSetInitiate", config)
        self.wait_whole()

    def wait_whole(self) -> None:
        """Returns when one is primary and the others follow it closely: with two away there would be no majority."""
        until(self._is_whole, "the replica set stands", 120)

    def kill_primary(self) -> int:
        """The port of who was primary."""
        port = next(port for port in self.ports if self._hello(port).get("isWritablePrimary"))
        self._processes[port].kill()
        self._processes[port].wait()
        return port

    def stop(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()

    def _is_whole(self) -> bool:
        try:
            with self._asking(self.ports[0]) as client:
                members = client.admin.command("replSetGetStatus")["members"]
        except PyMongoError:
            return False
        if sorted(member["stateStr"] for member in members) != ["PRIMARY", "SECONDARY", "SECONDARY"]:
            return False
        written = [member["optimeDate"] for member in members]
        return max(written) - min(written) <= timedelta(seconds=2)

    def _hello(self, port: int) -> dict[str, Any]:
        try:
            with self._asking(port) as client:
                return dict(client.admin.command("hello"))
        except PyMongoError:
            return {}

    @contextmanager
    def _asking(self, port: int) -> Iterator["MongoClient[dict[str, Any]]"]:
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
        with MongoClient(uri, serverSelectionTimeoutMS=10_000) as client:
            yield client


@contextmanager
def replica_set(folder: Path, election_ms: int) -> Iterator[ReplicaSet]:
    made = ReplicaSet(folder, [free_port() for _ in range(3)])
    try:
        made.found(election_ms)
        yield made
    finally:
        made.stop()
