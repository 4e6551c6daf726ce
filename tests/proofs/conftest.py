"""What the proofs share. They are short by default; `make proofs` sets SANDAN_LONG and runs them at full length."""

from collections.abc import Iterator

import pytest

from tests.proofs.workers import Nursery, nursery


@pytest.fixture(scope="module")
def cradle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made
