"""Wire shapes of notices."""

from models.schemas.base import Code, Flag, Page, Wire


class NoticeQuery(Page):
    unread = Flag(load_default=False)


class ReadShape(Wire):
    to = Code(required=True)
