"""Entities to documents and back. A document is the entity's fields by name, with `_id` for `id`; instants stay BSON dates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.errors import BaseValidationError, StructureHandlerNotFoundError
from cattrs.strategies import configure_union_passthrough

E = TypeVar("E")
# What a document raises that is not of our form: written by another hand, or damaged.
UNREADABLE = (BaseValidationError, StructureHandlerNotFoundError, ValueError, TypeError, KeyError)
Document = dict[str, Any]

_converter = Converter()
configure_union_passthrough(str | int | float | bool | None, _converter)
_converter.register_structure_hook(datetime, lambda value, _: value)
_converter.register_unstructure_hook(datetime, lambda value: value)


def to_document(entity: object) -> Document:
    document: Document = _converter.unstructure(entity)
    if "id" in document:
        document["_id"] = document.pop("id")
    return document


def from_document(document: Mapping[str, Any], entity: type[E]) -> E:
    """Unknown fields are ignored, so that a newer worker's documents can be read by an older one."""
    fields = dict(document)
    if "_id" in fields and "id" not in fields:
        fields["id"] = fields.pop("_id")
    return _converter.structure(fields, entity)


def within(region: str | None) -> Document:
    """The condition on an indexed `region` field for a region and all below it, as a range that the index can walk."""
    if region is None:
        return {}
    return {"region": {"$gte": region, "$lt": region + ":"}}
