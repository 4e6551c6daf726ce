"""Wire shapes of model versions."""

from models.schemas.base import Text, Wire


class UseShape(Wire):
    reason = Text(500, load_default="")
