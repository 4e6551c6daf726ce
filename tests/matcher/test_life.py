"""Any order of anything that may happen to needs and orders, on a real MongoDB: what must hold, holds after every step.

`SANDAN_STEPS` sets how many steps are walked in all; the default is short.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from matcher.understanding.understander import Understander
from models.dispatching import Mode
from models.store import Store
from models.store.client import connect, open_database
from tests.databases import Databases
from tests.matcher.kept import EVENT_OF
from tests.matcher.life import JUDGEMENTS, Life

STEPS_A_LIFE = 40
STEPS = int(os.environ.get("SANDAN_STEPS", "40"))
EVERYTHING = {
    *EVENT_OF.values(),
    *("need.posted", "need.dispatched", "need.taken_over", "need.handled", "need.suspended", "need.resumed", "need.confirmed"),
    *("need.evaluated", "need.reopened", "need.cancelled", "need.overdue", "need.escalated"),
}
SATISFIED, _, UNRESOLVED = JUDGEMENTS
# The names of rules with what they are given. A `pick` of 0, 4, 8 is the first, second, third need; those of orders count what is open
# or in hand, the oldest first.
WALK: list[tuple[str, dict[str, Any]]] = [
    ("dispatch", {"pick": 0, "mode": Mode.OPEN, "best": 5}),
    ("change", {"pick": 0, "change": "decline"}),
    ("change", {"pick": 0, "change": "accept"}),
    ("change", {"pick": 0, "change": "hand_back"}),
    ("change", {"pick": 0, "change": "accept"}),
    ("change", {"pick": 1, "change": "accept"}),
    ("change", {"pick": 0, "change": "serve"}),
    ("change", {"pick": 1, "change": "serve"}),
    ("evaluate", {"pick": 0, "judgement": UNRESOLVED}),
    ("time_passes", {"hours": 30.0}),
    ("whole", {"pick": 0, "action": "handle"}),
    ("evaluate", {"pick": 0, "judgement": SATISFIED}),
    ("post", {"people": 1, "urgency": 2}),
    ("dispatch", {"pick": 4, "mode": Mode.WINDOW, "best": 3}),
    ("change", {"pick": 0, "change": "accept"}),
    ("time_passes", {"hours": 2.5}),
    ("whole", {"pick": 4, "action": "suspend"}),
    ("whole", {"pick": 4, "action": "resume"}),
    ("change", {"pick": 0, "change": "withdraw"}),
    ("whole", {"pick": 4, "action": "cancel"}),
    ("post", {"people": 1, "urgency": 3}),
    ("dispatch", {"pick": 8, "mode": Mode.TEAM, "best": 1}),
    ("change", {"pick": 0, "change": "accept"}),
    ("change", {"pick": 1, "change": "accept"}),
    ("change", {"pick": 0, "change": "serve"}),
    ("change", {"pick": 1, "change": "serve"}),
    ("whole", {"pick": 8, "action": "confirm"}),
    ("post", {"people": 1, "urgency": 1}),
    ("dispatch", {"pick": 12, "mode": Mode.SEQUENCE, "best": 1}),
    ("time_jumps", {}),
]


@pytest.fixture
def machine(bare_databases: Databases, understander: Understander) -> Iterator[type[Life]]:
    """With an event loop of its own, since hypothesis runs its steps outside any. All lives are lived in one database."""
    loop = asyncio.new_event_loop()
    client, held = connect(bare_databases.uri), bare_databases.indexed()
    store = Store(client, open_database(client, loop.run_until_complete(held.__aenter__())))
    yield type("LifeHere", (Life,), {"store": store, "understander": understander, "loop": loop, "walked": Counter()})
    loop.run_until_complete(client.close())
    loop.run_until_complete(held.__aexit__(None, None, None))
    loop.close()


@pytest.mark.timeout(max(120, STEPS))
def test_whatever_happens_in_whatever_order_loads_tallies_events_and_timers_agree(machine: type[Life]) -> None:
    """Hypothesis's first life is as short as can be, and so are some others: lives are lived until the steps are walked."""
    while machine.walked["steps"] < STEPS:
        lives = 1 + -((machine.walked["steps"] - STEPS) // STEPS_A_LIFE)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=lives,
                stateful_step_count=STEPS_A_LIFE,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"\n{dict(machine.walked)}")
    assert STEPS < 10_000 or not EVERYTHING - {*machine.walked}


def test_on_a_walk_to_every_status_all_holds_at_every_step(machine: type[Life]) -> None:
    life = machine()
    life.open(people=2)
    life.all_holds()
    for rule, what in WALK:
        getattr(life, rule)(**what)
        life.all_holds()
    life.teardown()
    assert EVERYTHING - {*machine.walked} == set()
