"""Making one offer: the rules are asked of the provider as the database has them now. The ranking may be stale; this decides."""

from dataclasses import dataclass
from datetime import datetime

from matcher.catalogue import Catalogue
from matcher.dispatch.case import Case, is_timed
from matcher.dispatch.clocks.deadlines import matter_of
from matcher.ranking.columns import Columns
from matcher.ranking.eligibility import Rule, first_broken
from matcher.ranking.query import View, query_of
from models.account import Principal, ProviderRef
from models.clock import Deadline, Span, Stage
from models.dispatching import Mode
from models.errors import DuplicateError, NotEligibleError, NotFoundError
from models.need import Need
from models.notice import URGENT
from models.order import Order
from models.place import Regions
from models.provider import Provider, ProviderSummary

# Where a timetable says nothing of signing.
HOUR = Span(minutes=60)


async def make_offer(
    case: Case,
    who: Principal,
    provider: Provider,
    *,
    mode: Mode = Mode.DIRECT,
    note: str = "",
    place: str = "",
    minutes: int | None = None,
    closes_at: datetime | None = None,
    stands_in_for: str | None = None,
) -> Order:
    """The caller has checked that the provider is eligible. It stands until `closes_at`, else for `minutes` from when the provider
    is told of it, else as long as the timetable says."""
    case.need = case.need.offered().responded(case.at)
    until = case.context.clocks.until(case.at, closes_at) if closes_at else await _deadline(case, provider.ref, minutes)
    order = Order(
        id=case.context.store.new_id(),
        need_id=case.need.id,
        region=case.need.region,
        provider=ProviderSummary(provider.kind, provider.id, provider.name),
        mode=mode,
        round=case.need.round,
        service=matter_of(case.need, case.context.catalogue).service,
        place=place,
        stands_in_for=stands_in_for,
        note=note,
        offered_at=case.at,
        offered_by=who.account_id,
        changed_at=case.at,
        expires_at=until.at,
        due={Stage.SIGN: until},
    )
    await case.add(who, order, is_timed(mode))
    return order


async def _deadline(case: Case, ref: ProviderRef, minutes: int | None) -> Deadline:
    clocks, start = case.context.clocks, await heard_at(case, ref, case.at)
    if minutes:
        return clocks.spanning(Span(minutes=minutes), start)
    return clocks.start(Stage.SIGN, matter_of(case.need, case.context.catalogue), start) or clocks.spanning(HOUR, start)


async def heard_at(case: Case, ref: ProviderRef, at: datetime) -> datetime:
    """When the first of the provider's accounts hears of what is told of the need at `at`: at once, or when its quiet hours end."""
    if case.need.urgency >= URGENT:
        return at
    accounts = await case.unit.accounts.ids_of_provider(ref)
    quiet = await case.unit.accounts.quiet_of(accounts) if accounts else {}
    return min((each.end_after(at) or at for each in quiet.values()), default=at)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to ask for somebody: themself, or while they are away their substitute."""

    provider: Provider
    stands_in_for: str | None = None


async def present(case: Case, provider: Provider) -> Chosen:
    """The named substitute of who is away when they would have to be there; who named none, or one that is gone, stands for themself."""
    moment = case.need.window.from_at if case.need.window else case.at
    if not provider.is_away(moment) or provider.substitute is None:
        return Chosen(provider)
    substitute = await case.unit.providers.get(provider.substitute)
    return Chosen(substitute, str(provider.ref)) if substitute else Chosen(provider)


async def provider_of(case: Case, ref: ProviderRef) -> Provider:
    provider = await case.unit.providers.get(ref)
    if provider is None:
        raise NotFoundError("没有这个承接方")
    return provider


def require_unasked(case: Case, provider: Provider) -> None:
    if is_asked(case, provider.ref):
        raise DuplicateError(f"这条需求已经派给过{provider.name}")


def is_asked(case: Case, ref: ProviderRef) -> bool:
    return any(order.provider.ref == ref for order in case.orders)


def require_eligible(need: Need, provider: Provider, catalogue: Catalogue, regions: Regions, at: datetime) -> None:
    broken = broken_rule(need, provider, catalogue, regions, at)
    if broken is not None:
        raise NotEligibleError(f"不能派给{provider.name}：{broken.label}", rule=broken.code)


def broken_rule(need: Need, provider: Provider, catalogue: Catalogue, regions: Regions, at: datetime) -> Rule | None:
    """The same rules as in the ranking: one row of columns, made for the purpose."""
    columns = Columns(catalogue, regions, room=1)
    columns.put(provider)
    return first_broken(View(query_of(need, catalogue, regions, at=at), columns, catalogue), 0)
