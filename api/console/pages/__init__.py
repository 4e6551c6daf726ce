"""Importing a family of pages puts its routes into the table."""

from api.console.pages import (
    admin,
    entering,
    my_orders,
    my_profile,
    my_record,
    my_whistles,
    needs,
    notices,
    review,
    statistics,
    tracking,
)

__all__ = [
    "admin",
    "entering",
    "my_orders",
    "my_profile",
    "my_record",
    "my_whistles",
    "needs",
    "notices",
    "review",
    "statistics",
    "tracking",
]
