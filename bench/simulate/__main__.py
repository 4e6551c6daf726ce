"""`python -m bench.simulate [--seeds N --weeks W]`: writes bench/results/simulate.txt and .json. By hand."""

import argparse
import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console

from bench.simulate.report import ratios, show, summary
from bench.simulate.trial import Setting, Trial, try_out

RESULTS = Path(__file__).parent.parent / "results"
# The ends of the published range, beside its middle.
OTHER_RATES = (0.17, 0.47)
FIRST_SEED = 1


def main() -> None:
    asked = _arguments()
    started = time.perf_counter()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    settings = [Setting(seed, asked.weeks, asked.learn) for seed in seeds]
    settings += [Setting(seed, asked.weeks, asked.learn, rate, True) for rate in OTHER_RATES for seed in seeds]
    with ProcessPoolExecutor(asked.processes) as pool:
        trials = list(pool.map(try_out, settings))
    first, *rates = [trials[start : start + asked.seeds] for start in range(0, len(trials), asked.seeds)]
    console = Console(width=150, record=True)
    show(console, first, rates)
    console.print(f"全部是模拟。用时 {time.perf_counter() - started:.0f} 秒，{asked.processes} 个进程。")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "simulate.txt").write_text(console.export_text(), encoding="utf-8")
    (RESULTS / "simulate.json").write_text(
        json.dumps(_record(first, rates), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _record(first: Sequence[Trial], rates: Sequence[Sequence[Trial]]) -> dict[str, object]:
    """`summary` and `ratios` hold mean, low and high of the 95 % interval over seeds."""
    return {
        "simulated": True,
        "summary": {str(each[0].setting.rate): summary(each) for each in (first, *rates)},
        "ratios": ratios(first),
        "trials": [trial.as_json() for each in (first, *rates) for trial in each],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.simulate", description="A simulated city under different policies.")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--learn", type=int, default=4, help="weeks that are learned from and not measured")
    parser.add_argument("--processes", type=int, default=min(2, len(os.sched_getaffinity(0))))
    return parser.parse_args()


if __name__ == "__main__":
    main()
