"""What an administrator types, and what they read when something is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seed.sources import SHIPPED_MODEL
from tests.conftest import COMMUNITY
from tests.processes import Running, free_port, sandan, servers_on, serving


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for the whole file; commands on its data directory make use of its mongod."""
    with serving(tmp_path_factory.mktemp("cli")) as service:
        yield service


def test_help_names_every_command(tmp_path: Path) -> None:
    done = sandan(tmp_path, "--help")
    assert done.returncode == 0
    assert [name for name in ("serve", "demo", "seed", "rank", "train", "account", "model") if name not in done.stdout] == []
    assert list(tmp_path.iterdir()) == [], "help starts nothing"


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "SANDAN_PORT": "八千",
        "SANDAN_LOG_LEVEL": "LOUD",
        "SANDAN_MONGODB_URI": "http://127.0.0.1",
        "SANDAN_DATABASE": "a/b",
        "SANDAN_SESSION_DAYS": "0",
        "SANDAN_BODY_LIMIT": "1",
        "SANDAN_BODY_SECONDS": "soon",
        "SANDAN_LOGIN_ATTEMPTS": "-1",
        "SANDAN_DECISION_DAYS": "0",
        "SANDAN_BEHIND_PROXY": "perhaps",
        "SANDAN_TILE_URL": "https://tiles.example/{z}/{x}",
    }
    done = sandan(tmp_path, "serve", **wrong)
    assert done.returncode == 1
    assert [name for name in wrong if name not in done.stderr] == []
    assert "Not a valid" not in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is begun with wrong settings"


def test_a_service_answers_that_it_is_healthy_and_refuses_who_has_not_signed_in(running: Running) -> None:
    assert running.call("GET", "/healthz")[0] == 200
    assert running.call("GET", "/api/v1/me")[0] == 401


def test_a_second_service_on_the_same_data_directory_is_told_so(running: Running) -> None:
    done = sandan(running.data_dir, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "正被另一个 MongoDB 进程" in done.stderr
    assert running.answers(), "the first one goes on"


def test_a_taken_port_is_told_in_one_sentence_and_leaves_no_mongod(running: Running, tmp_path: Path) -> None:
    done = sandan(tmp_path, "serve", "--port", str(running.port), SANDAN_LOG_LEVEL="ERROR")
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if not line.startswith("…")]
    assert told == [f"端口 {running.port} 已被占用。请停止占用它的程序，或用 --port / SANDAN_PORT 换一个端口。"]
    assert servers_on(tmp_path) == set()


def test_an_account_added_while_the_service_runs_can_sign_in_with_the_printed_password(running: Running) -> None:
    done = sandan(running.data_dir, "account", "add", "测试管理员", "--role", "admin")
    assert done.returncode == 0, done.stderr
    password = done.stdout.strip().rpartition("密码 ")[2]
    assert len(password) >= 12
    token = running.sign_in("测试管理员", password)
    assert running.call("GET", "/api/v1/me", token=token)[1]["role"] == "admin"


def test_a_password_from_standard_input_is_used_and_not_printed(running: Running) -> None:
    arguments = ("account", "add", "community-1", "--role", "community", "--region", COMMUNITY, "--password-stdin")
    done = sandan(running.data_dir, *arguments, stdin="一个 长长的 password\n")
    assert done.returncode == 0, done.stderr
    assert "password" not in done.stdout + done.stderr
    token = running.sign_in("community-1", "一个 长长的 password")
    assert running.call("GET", "/api/v1/me", token=token)[1]["region"] == COMMUNITY


REFUSALS = [
    (("[/taken]", "--role", "admin"), "", "用户名 [/taken] 已被使用"),
    (("x", "--role", "community"), "", "--region"),
    (("x", "--role", "street"), "", "--region"),
    (("x", "--role", "community", "--region", "999999"), "", "没有代码为 999999 的区划"),
    (("x", "--role", "admin", "--password-stdin"), "short\n", "密码至少 8 个字符"),
    (("x", "--role", "volunteer", "--provider", "organisation:1"), "", "--provider"),
    (("x", "--role", "volunteer", "--provider", "volunteer:" + "0" * 24), "", "没有承接方"),
]


@pytest.mark.parametrize(("arguments", "stdin", "told"), REFUSALS, ids=[f"{each[2]}-{each[0][2]}" for each in REFUSALS])
def test_an_account_that_cannot_be_is_refused_with_the_reason(
    running: Running, arguments: tuple[str, ...], stdin: str, told: str
) -> None:
    if "已被使用" in told:
        sandan(running.data_dir, "account", "add", *arguments)
    done = sandan(running.data_dir, "account", "add", *arguments, stdin=stdin)
    assert done.returncode == 1
    assert told in done.stderr
    assert "密码 " not in done.stdout


def test_an_unknown_role_is_refused_before_anything_starts(tmp_path: Path) -> None:
    assert sandan(tmp_path, "account", "add", "x", "--role", "mayor").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_seeding_twice_changes_nothing_and_leaves_no_mongod(tmp_path: Path) -> None:
    first, second = sandan(tmp_path, "seed"), sandan(tmp_path, "seed")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "区划" in first.stdout
    assert first.stdout == second.stdout
    assert servers_on(tmp_path) == set()


def test_ranking_a_sentence_on_the_command_line_keeps_nothing(running: Running) -> None:
    done = sandan(running.data_dir, "rank", "厨房水龙头关不紧一直漏水")
    assert done.returncode == 0, done.stderr
    assert "水管龙头维修" in done.stdout
    token = running.sign_in("community-1", "一个 长长的 password")
    assert running.call("GET", "/api/v1/needs", token=token)[1]["items"] == []


def test_a_model_file_is_kept_put_to_use_and_taken_back(running: Running) -> None:
    added = sandan(running.data_dir, "model", "add", str(SHIPPED_MODEL), "--note", "自带的再存一份")
    assert added.returncode == 0, added.stderr
    assert "第 1 版" in added.stdout
    used = sandan(running.data_dir, "model", "use", "1", "--reason", "试用")
    assert "现用第 1 版" in used.stdout, used.stderr
    listed = sandan(running.data_dir, "model", "list")
    assert "自带的再存一份" in listed.stdout
    assert "现用" in next(line for line in listed.stdout.splitlines() if "自带的再存" in line)
    assert "现用第 0 版" in sandan(running.data_dir, "model", "back").stdout


def test_without_a_corrected_need_there_is_nothing_to_learn(running: Running) -> None:
    done = sandan(running.data_dir, "model", "learn")
    assert done.returncode == 1
    assert "没有新的人工核对过的需求可学" in done.stderr
