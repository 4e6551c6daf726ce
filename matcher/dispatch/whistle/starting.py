"""A whistle begins: it is stored, each called unit's clock starts and each is told, in the transaction of whoever calls."""

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.whistle import telling
from matcher.dispatch.whistle.sight import happened
from models.account import Principal, ProviderRef
from models.timer import TimerKind
from models.whistle import Whistle


async def begin(context: Context, unit: UnitPort, who: Principal, whistle: Whistle) -> None:
    await unit.whistles.add(whistle)
    for each in whistle.units:
        await unit.timers.set(TimerKind.REPORT_IN, clock_of(whistle, each.unit.ref), each.due_at)
    await happened(context, unit, who, whistle, "whistle.called", why=whistle.note)
    await unit.outbox.add(*telling.tell_called(context, whistle))


def clock_of(whistle: Whistle, ref: ProviderRef) -> str:
    """The subject of the timer of one unit's time to report in."""
    return f"whistle:{whistle.id}:{ref}"
