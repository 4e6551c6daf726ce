"""总览: what wants an administrator's attention, in one glance."""

import time
from dataclasses import dataclass

from api.console.pages.admin.learning import lesson_of
from api.console.routing import PAGES, Nav, Page, Shown, Visit
from api.keys import FOLLOWER
from api.routing import ADMINS
from models.vocabulary import Role
from models.weights import DEFAULT

LATE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Glance:
    """`due`: somebody should do something about it."""

    words: str
    told: str
    path: str
    icon: str
    due: bool = False


@PAGES.add("GET", "/admin", access=ADMINS, nav=Nav("管理", "settings", 90), home_of={Role.ADMIN})
async def overview(visit: Visit) -> Shown:
    counts = await visit.desk.clocks.counts(visit.who, None)
    glances = [
        Glance("等着核对", f"{counts.to_review} 条", "/admin/review", "eye", counts.to_review > 0),
        Glance("已经超时", f"{counts.overdue} 条", "/desk?tab=overdue", "alert-triangle", counts.overdue > 0),
        Glance("没人可派", f"{counts.unmatched} 条", "/desk?tab=unmatched", "users", counts.unmatched > 0),
        await suggestion(visit),
        await newer_model(visit),
        await failing_hooks(visit),
        readiness(visit),
    ]
    shown = [each for each in glances if not each.path.startswith("/desk") or has_page("/desk")]
    return Page(
        "admin/overview.html", {"due": [each for each in shown if each.due], "fine": [each for each in shown if not each.due]}
    )


def has_page(path: str) -> bool:
    return any(page.path == path and page.method == "GET" for page in PAGES.table)


async def suggestion(visit: Visit) -> Glance:
    lesson = await lesson_of(visit, DEFAULT)
    proposal = lesson.report.learned.proposal if lesson else None
    better = proposal is not None and proposal.held_out.better
    told = "还没有学过" if lesson is None else "有更好的" if better else "不必改" if proposal else "接单还太少"
    return Glance("权重的建议", told, f"/admin/weights/{DEFAULT}/learn", "adjustments", better)


async def newer_model(visit: Visit) -> Glance:
    in_use = (await visit.desk.models.in_use()).version
    newest = max((each.id for each in await visit.desk.models.list()), default=0)
    told = f"第 {newest} 版等您决定" if newest > in_use else "没有新的"
    return Glance("理解模型", told, "/admin/models", "bolt", newest > in_use)


async def failing_hooks(visit: Visit) -> Glance:
    hooks = await visit.desk.hooks.list(visit.who)
    failing = sum(each.failing_since is not None or each.disabled_at is not None for each in hooks)
    told = f"{failing} 个送不到" if failing else "都送得到" if hooks else "没有登记"
    return Glance("通知外发", told, "/admin/webhooks", "send", failing > 0)


def readiness(visit: Visit) -> Glance:
    follower, at = visit.request.app[FOLLOWER], time.monotonic()
    late = not follower.is_current(at) or follower.behind_seconds(at) > LATE_SECONDS
    told = "正在重新装载" if late else f"{len(visit.desk.context.columns)} 位，是最新的"
    return Glance("候选人数据", told, "/admin/running", "refresh", late)
