"""Who watches the workers: they are started again, given up, ended with their parent; here with workers that do nothing but that."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.backoff import Backoff, Pace
from api.crew import NO_PROCESS, Crew, GivenUpError
from api.settings import Settings
from tests.processes import free_port, until

QUICK = Pace(first_pause=0.01, longest_pause=0.02, most_unready=3, most_in_a_row=4)
LIVES = "import os, sys; open(sys.argv[1], 'a').write(str(os.getpid()) + chr(10)); "


def crew(life: str, folder: Path, count: int = 1) -> Crew:
    command = (sys.executable, "-c", LIVES + life, str(folder / "lives"))
    return Crew(replace(Settings(), port=free_port()), "mongodb://127.0.0.1:9", count, command=command, pace=QUICK)


def lives(folder: Path) -> list[int]:
    path = folder / "lives"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.mark.parametrize(
    ("life", "ends", "words"),
    [
        ("sys.exit(3)", 3, "3 次没有启动成功（退出码 3）"),
        ("print('ready', flush=True); sys.exit(4)", 4, "4 次连续退出（退出码 4）"),
    ],
)
async def test_a_worker_that_ends_again_and_again_is_given_up_in_words(tmp_path: Path, life: str, ends: int, words: str) -> None:
    with pytest.raises(GivenUpError, match=words) as given_up:
        await crew(life, tmp_path).serve(lambda address: None)
    assert (len(lives(tmp_path)), given_up.value.status) == (ends, 70)


async def test_a_worker_that_cannot_even_be_started_is_given_up_too(tmp_path: Path) -> None:
    lost = Crew(replace(Settings(), port=free_port()), "", 2, command=(str(tmp_path / "nothing"),), pace=QUICK)
    with pytest.raises(GivenUpError, match=f"退出码 {NO_PROCESS}"):
        await lost.serve(lambda address: None)


async def test_who_is_told_to_stop_while_workers_start_ends_them_and_leaves_none(tmp_path: Path) -> None:
    serving = asyncio.create_task(crew("import time; time.sleep(60)", tmp_path, 2).serve(lambda address: None))
    while len(lives(tmp_path)) < 2:
        await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, 20)
    assert [pid for pid in lives(tmp_path) if Path(f"/proc/{pid}").exists()] == []


def test_pauses_double_up_to_the_longest_and_who_lived_long_begins_anew() -> None:
    backoff = Backoff(Pace(steady_seconds=60, first_pause=1, longest_pause=5, most_in_a_row=6))
    assert [backoff.after(1, was_ready=True) for _ in range(5)] == [1, 2, 4, 5, 5]
    assert backoff.after(60, was_ready=True) == 1
    assert [backoff.after(1, was_ready=True) for _ in range(5)] == [2, 4, 5, 5, None]


ORPHAN = """
import os, signal, sys, time
from api.orphan import end_with_parent
signal.signal(signal.SIGTERM, signal.SIG_IGN)
end_with_parent(os.getppid(), look_seconds=0.05, ending_seconds=0.2)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"


def test_a_worker_whose_parent_was_killed_ends_though_it_hears_no_signal(tmp_path: Path) -> None:
    said = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, ORPHAN, str(said)])
    until(lambda: said.exists() and said.read_text(), "the worker lives", 30)
    parent.kill()
    parent.wait()
    until(lambda: not Path(f"/proc/{said.read_text()}").exists(), "the orphan has ended", 10)
