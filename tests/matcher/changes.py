"""What somebody may do to an order or a need, by name: any of it may be refused."""

from datetime import timedelta

from models.account import Principal
from tests.matcher.office import COMMUNITY, RESIDENT, Office

CHANGES = ("accept", "decline", "hand_back", "withdraw", "start", "complete")
WHOLE = ("confirm", "reopen", "cancel", "suspend", "resume", "take", "handle")


async def change_order(office: Office, who: Principal, order_id: str, change: str) -> None:
    """`who` is the provider."""
    desk = office.desk
    match change:
        case "accept":
            await desk.offers.accept(who, order_id)
        case "decline":
            await desk.offers.decline(who, order_id, "没有时间")
        case "hand_back":
            await desk.offers.hand_back(who, order_id, "身体不适")
        case "withdraw":
            await desk.offers.withdraw(COMMUNITY, order_id, "")
        case "start":
            await desk.progress.start(who, order_id)
        case _:
            await desk.progress.complete(who, order_id, "好了")


async def change_need(office: Office, need_id: str, action: str) -> None:
    keeping, closing = office.desk.keeping, office.desk.closing
    match action:
        case "confirm":
            await closing.confirm(RESIDENT, need_id)
        case "reopen":
            await closing.reopen(RESIDENT, need_id, "又坏了")
        case "cancel":
            await keeping.cancel(RESIDENT, need_id, "不用了")
        case "suspend":
            await keeping.suspend(COMMUNITY, need_id, "等配件", office.clock.at + timedelta(hours=5))
        case "resume":
            await keeping.resume(COMMUNITY, need_id)
        case "take":
            await keeping.take(COMMUNITY, need_id, "")
        case _:
            await keeping.handle(COMMUNITY, need_id, "社区办好了")
