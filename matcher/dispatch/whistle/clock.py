"""Each called unit has a clock of its own: when it runs out, the absence is on record and told to the level above."""

from datetime import datetime

from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.timers import on_timer
from matcher.dispatch.whistle.sight import happened
from matcher.dispatch.whistle.starting import clock_of
from matcher.dispatch.whistle.telling import tell_absent
from models.account import SYSTEM, ProviderRef
from models.timer import Timer, TimerKind
from models.vocabulary import ProviderKind
from models.whistle import Whistle
from models.whistle_states import UnitStatus


async def stop_clock(unit: UnitPort, whistle: Whistle, ref: ProviderRef) -> None:
    await unit.timers.drop(TimerKind.REPORT_IN, clock_of(whistle, ref))


@on_timer(TimerKind.REPORT_IN)
async def clock_runs_out(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    _, whistle_id, kind, unit_id = timer.subject.split(":")
    ref = ProviderRef(ProviderKind(kind), unit_id)
    whistle = await unit.whistles.hold(whistle_id)
    each = whistle.find(ref) if whistle else None
    if whistle is None or each is None or each.status != UnitStatus.CALLED:
        return
    whistle = whistle.ran_out(ref, at)
    await unit.whistles.replace(whistle)
    await happened(context, unit, SYSTEM, whistle, "whistle.absent", ref)
    await unit.outbox.add(*tell_absent(context, whistle, whistle.require(ref)))
