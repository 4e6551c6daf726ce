"""The compiled kernel as a shared library: made by `make kernel` where there is a C compiler, used where it was made."""

import ctypes
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import which

from matcher.ranking.kernel.source import fingerprint, source

HERE = Path(__file__).parent
# No fused multiply-add: numpy has none either, and both are to round alike.
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-std=gnu11", "-Wall", "-Werror", "-shared", "-fPIC")
Best = Callable[..., int]


def compiler() -> str | None:
    return os.environ.get("CC") or which("cc") or which("gcc") or which("clang")


def place(folder: Path = HERE) -> Path:
    """Its name tells what it was made from and for which processor: one that was made otherwise or elsewhere is never loaded."""
    return folder / f"best-{fingerprint()}-{processor()}.so"


def processor() -> str:
    """What this processor can do, in eight digits: the kernel is made for no other."""
    told = Path("/proc/cpuinfo")
    able = (
        next((line for line in told.read_text().splitlines() if line.startswith(("flags", "Features"))), "")
        if told.exists()
        else ""
    )
    return sha256(f"{platform.machine()} {able}".encode()).hexdigest()[:8]


def build(folder: Path = HERE) -> Path:
    """Some two seconds. Raises CalledProcessError with what the compiler said on standard error, FileNotFoundError without a compiler."""
    found, made = compiler(), place(folder)
    if found is None:
        raise FileNotFoundError("no C compiler: set CC")
    for old in folder.glob("best-*.so"):
        old.unlink()
    fresh = made.with_suffix(f".{os.getpid()}.tmp")
    subprocess.run([found, *FLAGS, "-x", "c", "-", "-o", str(fresh), "-lm"], input=source(), text=True, check=True)  # noqa: S603 - our own source
    fresh.rename(made)
    return made


def load(made: Path) -> Best:
    best = ctypes.CDLL(str(made)).sandan_best
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    best.argtypes = (pointer, pointer, pointer, number, number, pointer, pointer)
    best.restype = number
    return best


@cache
def built() -> Best | None:
    """The kernel if it was made for this version of the program; None where the ranking has to do with numpy."""
    return load(place()) if place().exists() else None


if __name__ == "__main__":
    sys.stdout.write(f"{build()}\n")
