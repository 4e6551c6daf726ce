"""Wire shapes of the log."""

from models.schemas.base import Code, Instant, Page, Text


class EventQuery(Page):
    """`by` is the whole name of who did it; `action` such as weights.changed; `from` and `to` bound the time."""

    by = Text(60, load_default=None)
    action = Text(40, load_default=None)
    need = Code(load_default=None)
    from_at = Instant(load_default=None, data_key="from", metadata={"type": "string", "format": "date-time"})
    to_at = Instant(load_default=None, data_key="to", metadata={"type": "string", "format": "date-time"})
