"""The mongod of our own: it comes up again on its data whatever became of its port, and says in a sentence why it cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymongo import MongoClient

from models.store.embedded import EmbeddedServer, EmbeddedServerError


@contextmanager
def started(folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder, cache_gb=0.25)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def visits(server: EmbeddedServer) -> int:
    """Counts one more visit in the database, durably; the number is how many there were on this data."""
    client: MongoClient[dict[str, object]] = MongoClient(server.uri, w="majority", journal=True)
    with client:
        client["test"]["visits"].insert_one({})
        return client["test"]["visits"].count_documents({})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a database that has been visited once."""
    folder = tmp_path_factory.mktemp("embedded")
    with started(folder) as server:
        assert visits(server) == 1
    return folder


def test_a_server_keeps_its_port_and_its_data_over_a_restart(folder: Path) -> None:
    remembered = int((folder / "port").read_text())
    with started(folder) as server:
        assert server.port == remembered
        before = visits(server)
    with started(folder) as server:
        assert visits(server) == before + 1
    assert server.pid is None


@pytest.mark.parametrize("written", ["99999", "八千", None])
def test_a_server_comes_up_on_its_data_whatever_the_port_file_says(folder: Path, written: str | None) -> None:
    with started(folder) as server:
        before = visits(server)
    if written is None:
        (folder / "port").unlink()
    else:
        (folder / "port").write_text(written)
    with started(folder) as server:
        assert visits(server) == before + 1


def test_a_server_whose_port_was_taken_moves_to_another(folder: Path, tmp_path: Path) -> None:
    remembered = (folder / "port").read_text()
    (tmp_path / "port").write_text(remembered)
    with started(tmp_path) as squatter, started(folder) as server:
        assert squatter.port == int(remembered) != server.port
        assert (visits(squatter), visits(server) > 1) == (1, True)


def test_a_second_server_on_the_same_folder_is_refused_and_the_first_can_be_found(folder: Path) -> None:
    with started(folder) as first:
        assert EmbeddedServer(folder).attach() == first.uri
        with pytest.raises(EmbeddedServerError, match=r"数据目录 .*正被另一个 MongoDB 进程（\d+）使用。请先停止另一个三单服务"):
            EmbeddedServer(folder).start()
        assert visits(first) > 1
    assert EmbeddedServer(folder).attach() is None


def test_a_lock_of_a_process_that_is_something_else_by_now_is_no_lock(folder: Path) -> None:
    (folder / "db" / "mongod.lock").write_text("1\n")
    with started(folder) as server:
        assert visits(server) > 1


def fake(folder: Path, script: str) -> EmbeddedServer:
    binary = folder / "mongod"
    binary.write_text(f"#!/bin/sh\n{script}\n")
    binary.chmod(0o755)
    return EmbeddedServer(folder, binary=binary)


@pytest.mark.parametrize(
    ("library", "package"), [("libcurl.so.4", "libcurl4"), ("libcrypto.so.3", "libssl3"), ("libother.so.1", "libother.so.1")]
)
def test_a_missing_system_library_is_named_with_the_package_that_brings_it(tmp_path: Path, library: str, package: str) -> None:
    said = f"mongod: error while loading shared libraries: {library}: cannot open shared object file: No such file or directory"
    server = fake(tmp_path, f"echo '{said}' >&2; exit 127")
    with pytest.raises(EmbeddedServerError) as failed:
        server.start(20)
    assert f"缺少系统库 {library}" in str(failed.value)
    assert f"apt-get install {package}" in str(failed.value)
    assert "SANDAN_MONGODB_URI" in str(failed.value)
    assert server.pid is None


def test_a_server_that_ends_for_another_reason_says_where_its_log_is(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"启动失败（退出码 7），日志在 .*mongod\.log.*磁盘满了"):
        fake(tmp_path, "echo 磁盘满了; exit 7").start(20)


def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    server = fake(tmp_path, "exec sleep 600")
    with pytest.raises(EmbeddedServerError, match="未能按时就绪"):
        server.start(1)
    assert server.pid is None
