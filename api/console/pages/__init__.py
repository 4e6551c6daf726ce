"""Importing a family of pages puts its routes into the table."""

from api.console.pages import entering, needs, notices, statistics, tracking

__all__ = ["entering", "needs", "notices", "statistics", "tracking"]
