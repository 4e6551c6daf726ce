"""运行情况: are the candidates up to date everywhere, and is the database well."""

from datetime import timedelta

from api.background.epochs import SNAPSHOT_FROM
from api.console.routing import PAGES, Page, Shown, Visit
from api.routing import ADMINS
from api.running import how_it_runs
from models.roll import Worker

PATH = "/admin/running"
LATE_SECONDS = 10.0
# MongoDB's own words, for people.
MEMBER_STATES = {"PRIMARY": "主节点", "SECONDARY": "备用节点，正常", "ARBITER": "仲裁节点"}


@PAGES.add("GET", PATH, access=ADMINS)
async def running(visit: Visit) -> Shown:
    found = await how_it_runs(visit.request.app)
    workers = [(each, standing_of(each, each.is_silent(found.at))) for each in found.workers]
    context = {
        "running": found,
        "workers": workers,
        "all_well": all(well for _, (well, _) in workers),
        "member_states": MEMBER_STATES,
        "snapshot_from": SNAPSHOT_FROM,
        "age": lambda at: found.at - at,
    }
    return Page("admin/running.html", context)


def standing_of(worker: Worker, silent: bool) -> tuple[bool, str]:
    """Whether all is well with it, and in words how."""
    if silent:
        return False, "没有消息，可能已经停了"
    if not worker.current:
        return False, "还没有装好，或与数据库断开了"
    if worker.state != "following":
        return False, "正在重新装载，这期间用旧的"
    if worker.behind_seconds > LATE_SECONDS:
        return False, f"晚 {late(worker.behind_seconds)}"
    return True, f"跟得上，{late(worker.behind_seconds)}前核实过"


def late(seconds: float) -> str:
    if seconds < 1:
        return "1 秒"
    return f"{seconds:.0f} 秒" if seconds < 120 else f"{timedelta(seconds=seconds) // timedelta(minutes=1)} 分钟"
