"""An order as its provider's pages show it: what, where, when, how far, and the way there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from matcher.dispatch.context import DISTRICT_DIGITS, Context
from matcher.dispatch.reading import OrderFile
from matcher.ranking.traits import missing_traits
from models.dispatching import MODE_LABELS, PLACE_LABELS, Mode, Place
from models.need import Need
from models.order import Order, OrderStatus
from models.place import Point
from models.provider import Contact
from models.schedule import LOCAL

EARLY = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Way:
    """Links that a map opens: geo: (RFC 5870) for the telephone's own, 高德 by its URI API, which takes WGS-84. Both are plain
    links: nothing is sent anywhere before somebody taps one."""

    geo: str
    amap: str


def way_to(point: Point, name: str) -> Way:
    lng, lat = f"{point.lng:.6f}", f"{point.lat:.6f}"
    return Way(
        f"geo:{lat},{lng}?q={lat},{lng}",
        f"https://uri.amap.com/navigation?to={lng},{lat},{quote(name)}&mode=walk&coordinate=wgs84&callnative=1",
    )


@dataclass(frozen=True, slots=True)
class Card:
    """`near` leaves out city and district, which those who live there know. `contact` and `way` are None for who does not serve
    the resident."""

    file: OrderFile
    service: str
    place: str
    near: str
    wishes: list[str]
    role: str
    mode: str
    contact: Contact | None
    way: Way | None

    @property
    def order(self) -> Order:
        return self.file.order

    @property
    def need(self) -> Need:
        return self.file.need

    def is_early(self, now: datetime) -> bool:
        """Long before the time that was asked for: the clock of the work would run while nobody works."""
        return self.need.window is not None and self.need.window.from_at - now > EARLY

    @property
    def applies(self) -> bool:
        """Where applications are collected, a yes is one of several."""
        return self.order.mode == Mode.WINDOW


def card_of(file: OrderFile, context: Context) -> Card:
    need, order, seen = file.need, file.order, file.contact_visible
    services = need.understanding.services
    place = context.regions.full_name(need.region)
    return Card(
        file,
        context.catalogue.name_of(services[0].code) if services else "社区事务",
        place,
        place.removeprefix(context.regions.full_name(need.region[:DISTRICT_DIGITS])) or place,
        missing_traits(need.constraints, 0),
        PLACE_LABELS[Place(order.place)] if order.place in set(Place) else order.place,
        MODE_LABELS[order.mode],
        need.contact if seen else None,
        way_to(need.point, place) if seen and need.point else None,
    )


def most_pressing(cards: Iterable[Card]) -> list[Card]:
    """What can still be answered first, of these the most urgent, and of equals what ends first."""
    far = datetime.max.replace(tzinfo=LOCAL)
    return sorted(
        cards,
        key=lambda card: (
            card.order.status != OrderStatus.OFFERED,
            -card.need.urgency,
            card.order.expires_at or far,
            card.order.id,
        ),
    )


DAYS = ("今天", "时间待约", "明天", "以后")


def by_day(cards: Iterable[Card], now: datetime) -> list[tuple[str, list[Card]]]:
    """What is under way or due stands under today; what has no time yet comes next, for somebody waits for a call."""
    groups: dict[str, list[Card]] = {name: [] for name in DAYS}
    far = datetime.max.replace(tzinfo=LOCAL)
    for card in sorted(cards, key=lambda card: (card.need.window.from_at if card.need.window else far, card.order.id)):
        groups[_day(card, now)].append(card)
    return [(name, found) for name, found in groups.items() if found]


def _day(card: Card, now: datetime) -> str:
    if card.order.status == OrderStatus.STARTED:
        return "今天"
    if card.need.window is None:
        return "时间待约"
    today, day = now.astimezone(LOCAL).date(), card.need.window.from_at.astimezone(LOCAL).date()
    if day <= today:
        return "今天"
    return "明天" if day == today + timedelta(days=1) else "以后"
