"""Wire shapes of changes of the catalogue."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load

from models.schemas.base import Code, Many, Term, Text, Whole, Wire
from models.service_item import ItemChange, NewItem
from models.vocabulary import Credential, ProviderKind

FORM = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# A page has this address.
RESERVED = frozenset({"new"})


class ItemShape(Wire):
    """What is said of a service item."""

    reason = Text(500, load_default="")
    name = Text(40, shortest=1)
    group = Code()
    covers = Text(500)
    excludes = Text(500)
    skills = Many(Text(40, shortest=1), most=100)
    examples = Many(Text(200, shortest=1), most=100)
    credential = Term(Credential)
    who = Many(Term(ProviderKind), most=len(ProviderKind), least=1)
    urgency = Whole(1, 4)
    people = Whole(1, 50)


class ItemChangeShape(ItemShape):
    """What is left out stays as it is; `version` is the one that was read."""

    version = Whole(1, 2**31, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ItemChange:
        version, reason = data.pop("version"), data.pop("reason")
        return ItemChange(version, reason, _fields(data))


class ItemCode(Text):
    """Stands in addresses, in models and in statistics, and never changes."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(longest=40, shortest=2, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not FORM.fullmatch(text):
            raise ValidationError("以小写字母开头，只用小写字母、数字和 _")
        if text in RESERVED:
            raise ValidationError("这个代码另有用处，请换一个")
        return text


class NewItemShape(ItemShape):
    """What is left out is as usual: every kind may serve, no credential, urgency 2, one person."""

    code = ItemCode(required=True)
    name = Text(40, shortest=1, required=True)
    group = Code(required=True)
    covers = Text(500, shortest=1, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewItem:
        return NewItem(data.pop("reason"), _fields(data))


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value for name, value in data.items()}
