"""Importing a family of pages puts its routes into the table."""

from api.console.pages import (
    desk,
    desk_need,
    entering,
    my_orders,
    my_profile,
    my_record,
    my_whistles,
    needs,
    notices,
    plans,
    regions,
    statistics,
    taking,
    tracking,
    whistles,
)

__all__ = [
    "desk",
    "desk_need",
    "entering",
    "my_orders",
    "my_profile",
    "my_record",
    "my_whistles",
    "needs",
    "notices",
    "plans",
    "regions",
    "statistics",
    "taking",
    "tracking",
    "whistles",
]
