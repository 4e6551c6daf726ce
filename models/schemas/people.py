"""Wire shapes of signing in."""

from models.schemas.base import Text, Wire


class Credentials(Wire):
    username = Text(60, shortest=1, required=True)
    password = Text(200, shortest=1, strip=False, required=True)
