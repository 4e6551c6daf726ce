"""The negative control, run by hand with `make proofs-control`: where mongod acknowledges what it holds only in memory, the proof
of the killed mongod must find losses. If it found none, it would prove nothing."""

import os

import pytest

from models.store.embedded import EmbeddedServer
from tests.proofs.test_kills import lost_by_killing_mongod
from tests.proofs.workers import Nursery

DEATHS = 10


@pytest.mark.timeout(1800)
@pytest.mark.skipif("SANDAN_CONTROL" not in os.environ, reason="a control of the proof, not of the service: make proofs-control")
async def test_with_less_than_journal_and_majority_acknowledged_writes_are_lost(
    cradle: Nursery, own_mongod: EmbeddedServer
) -> None:
    lost, _ = await lost_by_killing_mongod(cradle, own_mongod, DEATHS, careless=True)
    print(f"\n{len(lost)} acknowledged changes lost, such as {lost[:3]}")
    assert lost
