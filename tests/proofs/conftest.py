"""What the proofs share. They are short by default; `make proofs` sets SANDAN_LONG and runs them at full length."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store.embedded import EmbeddedServer
from tests.proofs.workers import Nursery, nursery


@pytest.fixture(scope="module")
def cradle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "mongod", cache_gb=0.25)
    server.start()
    yield server
    server.stop()
