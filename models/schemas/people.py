"""Wire shapes of signing in, and of accounts."""

from models.schemas.base import Code, Flag, Page, Term, Text, Wire
from models.vocabulary import Role


class Credentials(Wire):
    username = Text(60, shortest=1, required=True)
    password = Text(200, shortest=1, strip=False, required=True)


class AccountShape(Wire):
    """`region` is what an overseer oversees; an administrator without one oversees everything."""

    username = Text(60, shortest=1, required=True)
    role = Term(Role, required=True)
    name = Text(40, load_default="")
    region = Code(load_default=None, allow_none=True)


class ActiveShape(Wire):
    active = Flag(required=True)


class AccountQuery(Page):
    """`username`: how it begins; `q`: how it or the name begins."""

    role = Term(Role, load_default=None)
    username = Text(60, load_default="")
    q = Text(60, load_default="")
