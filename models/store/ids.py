"""Identifiers: 24 hexadecimal digits that sort by the time they were made, on every worker alike.

Six bytes of milliseconds, two that count within one process's millisecond, four of chance: ObjectIds order only to the second.
"""

import re
import secrets
import time
from datetime import datetime

FORM = re.compile(r"[0-9a-f]{24}", re.ASCII)
_last = (0, 0)


def new_id() -> str:
    global _last
    now = max(time.time_ns() // 1_000_000, _last[0])
    count = _last[1] + 1 if now == _last[0] else 0
    if count > 0xFFFF:
        now, count = now + 1, 0
    _last = (now, count)
    return f"{now:012x}{count:04x}{secrets.token_hex(4)}"


def first_id_at(at: datetime) -> str:
    """Smaller than every identifier that is made at that millisecond or later."""
    return f"{max(0, int(at.timestamp() * 1000)):012x}" + "0" * 12


def is_id(text: str) -> bool:
    return FORM.fullmatch(text) is not None
