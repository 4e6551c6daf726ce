"""A service that ends, by request or by force: nothing acknowledged is lost and no mongod stays behind."""

import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.vocabulary import Role
from tests.conftest import GRID
from tests.processes import Running, free_port, sandan, servers_on, serving, until

DEMO_ROLES = {Role.ADMIN, Role.COMMUNITY, Role.VOLUNTEER, Role.ORGANISATION, Role.SOCIAL_WORKER, Role.RESIDENT}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared: each test leaves it with no process on it."""
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def demo_dir(data_dir: Path) -> Path:
    """After one demo: the city's people, the six accounts, one round played."""
    first = sandan(data_dir, "demo", "--once", "--port", str(free_port()))
    assert first.returncode == 0, first.stderr
    assert "8 效由民评" in first.stdout
    return data_dir


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_service_asked_to_stop_takes_its_mongod_with_it_and_ends_well(data_dir: Path, how: signal.Signals) -> None:
    with serving(data_dir) as service:
        assert len(servers_on(data_dir)) == 1
        assert service.end(how) == 0
    assert servers_on(data_dir) == set()
    assert "Traceback" not in (data_dir / "serve.log").read_text()


def test_the_demo_plays_its_round_again_on_the_same_city(demo_dir: Path) -> None:
    accounts = (demo_dir / "demo-accounts.json").read_text()
    second = sandan(demo_dir, "demo", "--once", "--port", str(free_port()))
    assert second.returncode == 0, second.stderr
    assert "8 效由民评" in second.stdout
    assert (demo_dir / "demo-accounts.json").read_text() == accounts, "the passwords that were handed out go on being good"
    assert servers_on(demo_dir) == set()


def test_the_demo_accounts_are_six_roles_in_a_file_for_its_owner_only(demo_dir: Path) -> None:
    path = demo_dir / "demo-accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text())
    assert set(accounts) == DEMO_ROLES
    assert len({account["password"] for account in accounts.values()}) == len(DEMO_ROLES)


def test_the_demo_shows_a_whistle_under_way_and_who_gets_what_lower_levels_leave_however_often_it_is_started(
    demo_dir: Path,
) -> None:
    accounts = json.loads((demo_dir / "demo-accounts.json").read_text())
    with serving(demo_dir) as service:
        token = service.sign_in(**accounts["admin"])
        _, whistles = service.call("GET", "/api/v1/whistles", None, token)
        _, table = service.call("GET", "/api/v1/timetable", None, token)
    [whistle] = whistles["items"]
    assert sorted(unit["status"] for unit in whistle["units"]) == ["called", "called", "reported"]
    assert table["version"] == 2
    whose = {rule["service"] or rule["group"]: rule["department"] for rule in table["departments"]}
    assert {"health", "fire_safety", "patrol"} <= set(whose)
    assert len({whose[matter] for matter in ("health", "fire_safety", "patrol")}) == 3


class Round:
    """The calls of one round, each on whatever service runs now, and what must be read back after it."""

    def __init__(self, accounts: dict[str, dict[str, str]]) -> None:
        self.accounts = accounts
        self.tokens: dict[str, str] = {}
        self.need = self.order = ""
        self.events: list[str] = []

    def call(self, service: Running, who: str, method: str, path: str, body: object = None) -> Any:
        if who not in self.tokens:
            self.tokens[who] = service.sign_in(**self.accounts[who])
        status, answer = service.call(method, path, body, self.tokens[who])
        assert status in (200, 201), answer
        return answer

    def post(self, service: Running) -> None:
        body = {"text": "厨房水龙头关不紧一直漏水", "region": GRID, "channel": "resident"}
        self.need = self.call(service, "resident", "POST", "/api/v1/needs", body)["id"]
        self.events.append("need.posted")

    def offer(self, service: Running) -> None:
        found = self.call(service, "community", "GET", f"/api/v1/needs/{self.need}/candidates?limit=1")
        provider = {key: found["candidates"][0]["provider"][key] for key in ("kind", "id")}
        self.order = self.call(service, "community", "POST", f"/api/v1/needs/{self.need}/orders", {"provider": provider})["id"]
        self.events.append("order.offered")

    def step(self, verb: str, event: str, body: object = None) -> Callable[[Running], None]:
        def take(service: Running) -> None:
            self.call(service, "community", "POST", f"/api/v1/orders/{self.order}/{verb}", body)
            self.events.append(event)

        return take

    def evaluate(self, service: Running) -> None:
        body = {"responded": True, "resolved": True, "satisfied": True, "score": 5}
        self.call(service, "resident", "POST", f"/api/v1/needs/{self.need}/evaluation", body)
        self.events += ["order.confirmed", "need.evaluated"]

    def steps(self) -> list[Callable[[Running], None]]:
        accept, start = self.step("accept", "order.accepted"), self.step("start", "order.started")
        complete = self.step("complete", "order.completed", {"summary": "换了阀芯"})
        return [self.post, self.offer, accept, start, complete, self.evaluate]


def test_a_service_killed_after_any_call_of_a_round_has_lost_nothing_it_acknowledged(demo_dir: Path) -> None:
    played = Round(json.loads((demo_dir / "demo-accounts.json").read_text()))
    before: dict[str, Any] = {}
    for number, step in enumerate(played.steps()):
        with serving(demo_dir) as service:
            if before:
                assert played.call(service, "community", "GET", f"/api/v1/needs/{played.need}") == before
            step(service)
            before = played.call(service, "community", "GET", f"/api/v1/needs/{played.need}")
            assert [event["action"] for event in before["events"]] == played.events
            if number % 2:  # mongod dies as well, without a chance to close its files
                os.kill(*servers_on(demo_dir), signal.SIGKILL)
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
            until(lambda: not servers_on(demo_dir), "mongod follows its service")
    with serving(demo_dir) as service:
        assert played.call(service, "community", "GET", f"/api/v1/needs/{played.need}") == before
