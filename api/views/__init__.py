"""Entities as answers: plain dicts for orjson. What the caller may not see was decided before; here it is left out or masked."""
