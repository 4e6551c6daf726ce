"""Wire shapes of changes of the catalogue."""

from typing import Any

from marshmallow import post_load

from models.schemas.base import Code, Many, Term, Text, Whole, Wire
from models.service_item import ItemChange
from models.vocabulary import Credential, ProviderKind


class ItemChangeShape(Wire):
    """What is left out stays as it is; `version` is the one that was read."""

    version = Whole(1, 2**31, required=True)
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

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ItemChange:
        version, reason = data.pop("version"), data.pop("reason")
        fields = {name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value for name, value in data.items()}
        return ItemChange(version, reason, fields)
