"""管理: what administrators see and set. Importing a family puts its pages into the table."""

from api.console.pages.admin import learning, profiles

__all__ = ["learning", "profiles"]
