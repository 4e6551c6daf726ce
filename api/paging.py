"""Lists: an opaque cursor that names the last thing of the page before."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from models.errors import InvalidInputError
from models.store.ids import is_id

T = TypeVar("T")
URGENCIES = frozenset("1234")
# Until the year 2100.
MILLISECONDS = re.compile("[0-9]{1,12}|[1-3][0-9]{12}", re.ASCII)


def decode_cursor(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    last = _decoded(cursor)
    if not is_id(last):
        raise _not_ours()
    return last


def decode_number(cursor: str | None) -> int | None:
    """For lists that are ordered by a number: see `number_key`."""
    last = decode_cursor(cursor)
    if last is None:
        return None
    if int(last, 16) >= 2**63:
        raise _not_ours()
    return int(last, 16)


def number_key(number: int) -> str:
    return f"{number:024x}"


def decode_need_cursor(query: Mapping[str, Any]) -> str | None:
    """A list in the order of review or of urgency is paged by urgency and id, one of what is due by instant and id, any other by id alone."""
    if query["cursor"] is None or not (query["review"] or query["due"] or query["urgent"]):
        return decode_cursor(query["cursor"])
    last = _decoded(query["cursor"])
    place, _, id = last.partition(":")
    ours = MILLISECONDS.fullmatch(place) if query["due"] else place in URGENCIES
    if not ours or not is_id(id):
        raise _not_ours()
    return last


def page_in_memory(
    items: Sequence[T], query: Mapping[str, Any], key_of: Callable[[T], str], view: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """A page of what is held whole, in its own order; the cursor names the last thing's key."""
    start = 0
    if query["cursor"] is not None:
        last = _decoded(query["cursor"])
        start = next((place for place, item in enumerate(items, 1) if key_of(item) == last), 0)
        if not start:
            raise _not_ours()
    return page(items[start : start + query["limit"] + 1], query["limit"], key_of, view)


def _decoded(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")
    except (ValueError, binascii.Error):
        return ""


def _not_ours() -> InvalidInputError:
    return InvalidInputError("填写的内容有误", {"cursor": ["不是本服务给出的游标"]})


def cursor_after(last: str) -> str:
    return base64.urlsafe_b64encode(last.encode()).decode()


def page(items: Sequence[T], limit: int, id_of: Callable[[T], str], view: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """`items` holds one more than `limit` when there is a next page."""
    shown = items[:limit]
    following = cursor_after(id_of(shown[-1])) if len(items) > limit else None
    return {"items": [view(item) for item in shown], "next": following}
