"""Lists: an opaque cursor that names the last thing of the page before."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from models.errors import InvalidInputError
from models.store.ids import is_id

T = TypeVar("T")


def decode_cursor(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        last = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")
    except (ValueError, binascii.Error):
        last = ""
    if not is_id(last):
        raise InvalidInputError("填写的内容有误", {"cursor": ["不是本服务给出的游标"]})
    return last


def page(items: Sequence[T], limit: int, id_of: Callable[[T], str], view: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """`items` holds one more than `limit` when there is a next page."""
    shown = items[:limit]
    following = base64.urlsafe_b64encode(id_of(shown[-1]).encode()).decode() if len(items) > limit else None
    return {"items": [view(item) for item in shown], "next": following}
