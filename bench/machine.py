"""The machine that a figure was measured on, without its name."""

import os
import platform
from pathlib import Path

import numpy as np

GIB = 1 << 30


def machine(mongodb: str = "") -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    parts = [
        f"{len(os.sched_getaffinity(0))} 核 {_processor()}",
        f"内存 {memory:.0f} GiB",
        f"Python {platform.python_version()}",
        f"numpy {np.__version__}",
    ]
    return "，".join([*parts, f"MongoDB {mongodb}"] if mongodb else parts)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
