"""Wire shapes of orders."""

from models.order import OrderStatus
from models.schemas.base import Flag, Inner, Page, Term, Text, Wire
from models.schemas.common import ProviderRefShape


class OfferShape(Wire):
    provider = Inner(ProviderRefShape, required=True)
    note = Text(500, load_default="")


class DeclineShape(Wire):
    reason = Text(500, shortest=1, required=True)


class CompleteShape(Wire):
    summary = Text(2000, shortest=1, required=True)


class OrderQuery(Page):
    mine = Flag(load_default=False)
    status = Term(OrderStatus, load_default=None)
