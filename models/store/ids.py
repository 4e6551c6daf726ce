"""Identifiers: ObjectIds as text, so that newest-first is by id and nothing but the store knows BSON."""

from bson import ObjectId


def new_id() -> str:
    return str(ObjectId())


def is_id(text: str) -> bool:
    return len(text) == 24 and ObjectId.is_valid(text)
