"""Entities with only what a test is about spelled out; all people are invented."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from models.account import Principal, ProviderRef
from models.called_unit import CalledUnit
from models.decision import Decision
from models.event import Event
from models.need import Need
from models.notice import Notice, NoticeKind, to_account
from models.order import Order
from models.organisation import Organisation
from models.place import Point
from models.plan import Plan, Worth
from models.provider import Contact, Provider, ProviderSummary, ServiceConfidence, Term
from models.registration import Registration, RegistrationKind
from models.schedule import Window
from models.social_worker import SocialWorker
from models.squad import Squad, SquadKind
from models.understanding import Understanding
from models.vocabulary import Channel, OrganisationType, ProviderKind, Role
from models.volunteer import Volunteer
from models.webhook import Posting, Webhook, new_secret
from models.weights import Weights
from models.whistle import Whistle

GRID = "420106001001001"
HOME = Point(114.3, 30.55)
# A Monday, 16:00 in Shanghai.
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_numbers = count(1)


def new_id() -> str:
    return f"{next(_numbers):024x}"


def services(**confidence: float) -> tuple[ServiceConfidence, ...]:
    return tuple(ServiceConfidence(code, value) for code, value in confidence.items())


def terms(**weight: int) -> tuple[Term, ...]:
    return tuple(Term(word, value) for word, value in weight.items())


def _fields(kind: ProviderKind, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind,
        "name": "测试甲",
        "skills": ("修水管",),
        "bio": "",
        "region": GRID,
        "point": HOME,
        "capacity": 3,
        "availability": (),
        "contact": Contact(),
        "services": services(plumbing=1.0),
        "created_at": AT,
        "changed_at": AT,
    } | changes


def volunteer(**changes: Any) -> Volunteer:
    return Volunteer(**_fields(ProviderKind.VOLUNTEER, changes))


def social_worker(**changes: Any) -> SocialWorker:
    return SocialWorker(**_fields(ProviderKind.SOCIAL_WORKER, changes))


def organisation(**changes: Any) -> Organisation:
    return Organisation(**_fields(ProviderKind.ORGANISATION, {"type": OrganisationType.CHARITY} | changes))


def window(hours: float = 2, *, start: datetime = AT) -> Window:
    return Window(start, start + timedelta(hours=hours))


def understanding(**changes: Any) -> Understanding:
    told = {"services": services(plumbing=0.9), "urgency": 2, "people": 1, "window": None, "needs_review": False}
    return Understanding(**(told | {"model_version": "test"} | changes))


def need(**changes: Any) -> Need:
    told = {"id": new_id(), "text": "水管漏了", "region": GRID, "point": None, "contact": Contact(), "channel": Channel.RESIDENT}
    told |= {"posted_by": "resident-1", "understanding": understanding(), "posted_at": AT, "changed_at": AT}
    return Need(**(told | changes))


def order(provider: Provider | None = None, **changes: Any) -> Order:
    who = provider or volunteer()
    told = {"id": new_id(), "need_id": new_id(), "region": GRID, "provider": ProviderSummary(who.kind, who.id, who.name)}
    return Order(**(told | {"offered_at": AT, "offered_by": "community-1", "changed_at": AT} | changes))


def event(**changes: Any) -> Event:
    told = {"id": new_id(), "action": "need.posted", "at": AT, "by": "system", "by_role": Role.ADMIN, "by_name": "系统"}
    return Event(**(told | {"subject": "need:1"} | changes))


def weights(**criteria: float) -> Weights:
    return Weights("default", 1, criteria or {"skill": 1.0}, AT, "系统")


def decision(**changes: Any) -> Decision:
    told = {"id": new_id(), "need_id": new_id(), "order_ids": (new_id(),), "at": AT, "expires_at": AT + timedelta(days=400 * 365)}
    told |= {"region": GRID, "group": "repair", "urgency": 2, "profile": "default", "version": 1, "codes": ("skill",)}
    told |= {"shares": (1.0,), "eligible": 0, "refs": (), "values": b"", "distances": b"", "loads": b"", "floor": 0.0}
    return Decision(**(told | {"caps": (0.0,), "chosen": (), "places": ()} | changes))


def principal(role: Role, region: str | None = None, provider: ProviderRef | None = None) -> Principal:
    return Principal(f"{role}-1", role, "测试", region, provider)


def notice(**changes: Any) -> Notice:
    told = {"id": new_id(), "at": AT, "recipient": to_account("account-7"), "kind": NoticeKind.OTHER, "title": "通知"}
    return Notice(**(told | {"text": "测试"} | changes))


def plan(**changes: Any) -> Plan:
    told = {"id": new_id(), "region": GRID, "needs": 0, "offers": (), "unmet": (), "weights": "default:1"}
    told |= {"worth": Worth(total=0.0, bound=0.0, greedy=0.0, first_come=0.0), "proposed_by": "测试社区"}
    return Plan(**(told | {"proposed_at": AT, "changed_at": AT} | changes))


def whistle(*units: Provider, **changes: Any) -> Whistle:
    """Called at AT for half an hour."""
    told = {"id": new_id(), "region": GRID, "text": "河堤有险情", "minutes": 30, "called_at": AT, "changed_at": AT}
    called = (
        CalledUnit(unit=ProviderSummary(each.kind, each.id, each.name), due_at=AT + timedelta(minutes=30)) for each in units
    )
    told |= {"units": tuple(called), "called_by": "community-1", "caller_name": "测试社区", "caller_scope": GRID[:12]}
    return Whistle(**(told | changes))


def squad(*members: Provider, **changes: Any) -> Squad:
    named = tuple(ProviderSummary(each.kind, each.id, each.name) for each in members)
    told = {"id": new_id(), "name": "防汛队", "kind": SquadKind.EMERGENCY, "region": GRID[:12], "members": named}
    return Squad(**(told | {"created_at": AT, "changed_at": AT} | changes))


def registration(provider: Provider, **changes: Any) -> Registration:
    told = {"id": new_id(), "provider": ProviderSummary(provider.kind, provider.id, provider.name)}
    return Registration(**(told | {"community": GRID[:12], "kind": RegistrationKind.BASE, "since": AT} | changes))


def webhook(**changes: Any) -> Webhook:
    told = {"id": new_id(), "account_id": "account-7", "url": "https://example.org/", "secret": new_secret(), "created_at": AT}
    return Webhook(**(told | changes))


def posting(**changes: Any) -> Posting:
    told = {"id": new_id(), "webhook_id": "webhook-7", "account_id": "account-7", "notice_id": new_id(), "due_at": AT}
    return Posting(**(told | changes))
