"""管理: what administrators see and set. Importing a family puts its pages into the table."""

from api.console.pages.admin import accounts, catalogue, clocks, hooks, learning, log, models, overview, profiles, running

__all__ = ["accounts", "catalogue", "clocks", "hooks", "learning", "log", "models", "overview", "profiles", "running"]
