"""Importing a family of pages puts its routes into the table."""

from api.console.pages import entering, my_orders, my_profile, my_record, my_whistles, needs, notices, statistics, tracking

__all__ = ["entering", "my_orders", "my_profile", "my_record", "my_whistles", "needs", "notices", "statistics", "tracking"]
