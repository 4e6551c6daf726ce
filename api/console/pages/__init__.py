"""Importing a family of pages puts its routes into the table."""

from api.console.pages import entering, notices

__all__ = ["entering", "notices"]
