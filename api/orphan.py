"""A worker whose parent is gone ends by itself, whatever its event loop is doing: nobody would end it, and nobody watches it."""

import ctypes
import os
import signal
import sys
import threading
import time

from models.store.embedded import PR_SET_PDEATHSIG

LOOK_SECONDS = 1.0
# For the calls in hand and a snapshot; a loop that hangs does not hear the signal.
ENDING_SECONDS = 120.0
STATUS = 70


def end_with_parent(parent: int, *, look_seconds: float = LOOK_SECONDS, ending_seconds: float = ENDING_SECONDS) -> None:
    """From now on. Where the kernel tells of a parent's end (Linux) it is told at once; everywhere a thread looks every second."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_watch, args=(parent, look_seconds, ending_seconds), name="orphan", daemon=True).start()


def _watch(parent: int, look_seconds: float, ending_seconds: float) -> None:
    while os.getppid() == parent:
        time.sleep(look_seconds)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ending_seconds)
    os._exit(STATUS)
