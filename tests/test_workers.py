"""`sandan serve --workers`: several processes at one port that share nothing but MongoDB."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

from tests.conftest import GRID
from tests.processes import Running, sandan, servers_on, serving, until

VOLUNTEER = {"name": "测试管工", "skills": ["修水管"], "bio": "", "region": GRID, "capacity": 3, "party_member": False}
NEED = {"text": "厨房水龙头关不紧一直漏水", "region": GRID, "limit": 50}


def children_of(pid: int) -> dict[int, int]:
    """The workers of a parent by their number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            environment = dict(each.split("=", 1) for each in (folder / "environ").read_text().split("\0") if "=" in each)
        except OSError:
            continue
        if parent == pid and "SANDAN_WORKER" in environment:
            found[int(environment["SANDAN_WORKER"])] = int(folder.name)
    return found


def asked(service: Running, method: str, path: str, body: object = None, token: str = "") -> Any:
    """A call on a connection of its own, so to whichever worker the kernel chooses; who is just being killed may drop it."""
    for _ in range(20):
        try:
            return service.call(method, path, body, token)
        except OSError:
            continue
    raise AssertionError("no worker answers")


def workers_seen(service: Running) -> set[int]:
    return {asked(service, "GET", "/readyz")[1].get("worker") for _ in range(30)}


def ranked_by_all(service: Running, token: str, ids: set[str]) -> bool:
    found = [asked(service, "POST", "/api/v1/rankings", NEED, token)[1] for _ in range(12)]
    return all({each["provider"]["id"] for each in one["candidates"]} == ids for one in found)


def test_two_workers_serve_one_port_and_one_that_is_killed_comes_back_knowing_everybody(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        until(lambda: workers_seen(service) == {0, 1}, "both answer", 60)
        assert len(servers_on(tmp_path)) == 1
        made = sandan(tmp_path, "account", "add", "root", "--role", "admin", "--password-stdin", stdin="a long password\n")
        assert made.returncode == 0, made.stderr
        token = service.sign_in("root", "a long password")
        ids = {asked(service, "POST", "/api/v1/volunteers", VOLUNTEER, token)[1]["id"] for _ in range(3)}
        until(lambda: ranked_by_all(service, token, ids), "both rank who registered at one of them", 10)
        before = children_of(service.process.pid)
        os.kill(before[1], signal.SIGKILL)
        ids |= {asked(service, "POST", "/api/v1/volunteers", VOLUNTEER, token)[1]["id"] for _ in range(3)}
        until(lambda: workers_seen(service) == {0, 1}, "the killed worker is there again", 60)
        after = children_of(service.process.pid)
        assert (after[0], after[1] != before[1]) == (before[0], True)
        until(lambda: ranked_by_all(service, token, ids), "the new worker knows everybody", 10)
        assert service.end(signal.SIGTERM) == 0
        assert [pid for pid in after.values() if Path(f"/proc/{pid}").exists()] == []
    assert servers_on(tmp_path) == set()
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


def test_regions_that_are_none_are_told_before_anything_is_started(tmp_path: Path) -> None:
    wrong = sandan(tmp_path, "serve", "--regions", "410,42")
    assert wrong.returncode == 1
    assert "SANDAN_REGIONS：应当是用逗号分隔的区划代码" in wrong.stderr
    assert list(tmp_path.iterdir()) == []


def test_workers_do_not_join_a_port_at_which_somebody_else_listens(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = sandan(tmp_path, "serve", "--workers", "2", "--port", str(other.getsockname()[1]))
    assert taken.returncode == 1
    assert "已被占用" in taken.stderr
