"""The command line as its users run it: processes on a data directory of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SANDAN = Path(sys.executable).parent / "sandan"


def environment(data_dir: Path, settings: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SANDAN_")}
    return inherited | {"SANDAN_DATA_DIR": str(data_dir), "NO_COLOR": "1"} | settings


def sandan(data_dir: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run to the end; what went wrong must never show as a traceback."""
    done = subprocess.run(
        [SANDAN, *arguments], input=stdin, env=environment(data_dir, settings), capture_output=True, text=True, timeout=300
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def servers_on(data_dir: Path) -> set[int]:
    """The mongod processes whose files lie in the data directory."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(b"mongod") and str(data_dir).encode() in b" ".join(command):
            found.add(int(folder.name))
    return found


@dataclass
class Running:
    """A `sandan serve` that answers."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def sign_in(self, username: str, password: str) -> str:
        status, answer = self.call("POST", "/api/v1/sessions", {"username": username, "password": password})
        assert status == 201, answer
        return str(answer["token"])

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.data_dir / "serve.log").read_text()[-2000:]
        try:
            return self.call("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def serving(data_dir: Path, *arguments: str) -> Iterator[Running]:
    """`sandan serve` until the block ends; the block may have ended it already."""
    port = free_port()
    with (data_dir / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [SANDAN, "serve", "--port", str(port), *arguments],
            env=environment(data_dir, {}),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    running = Running(process, data_dir, port)
    try:
        until(running.answers, "the service answers", 60)
        yield running
    finally:
        if process.poll() is None:
            running.end(signal.SIGTERM)
