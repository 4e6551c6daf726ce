"""代录: a need told by telephone, typed by the clerk in half a minute."""

from api.console.picking import Within, picker_of
from api.console.places import meant_place, own_place
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.routing import OVERSEERS
from models.need import NeedPosting
from models.need_number import spoken
from models.provider import Contact
from models.schemas.base import Term, Text, Whole, Wire
from models.schemas.common import Telephone
from models.vocabulary import URGENCY_LABELS, Channel, label

CHANNELS = (Channel.COMMUNITY, Channel.HOTLINE, Channel.PATROL)


class TakingShape(Wire):
    """`where` is a place in words, as the field's list offers it, or a code."""

    text = Text(2000, shortest=2, required=True)
    where = Text(100, shortest=1, required=True)
    phone = Telephone()
    name = Text(40, load_default="")
    address = Text(200, load_default="")
    urgency = Whole(1, 4, load_default=None, allow_none=True)
    channel = Term(Channel, load_default=Channel.COMMUNITY)


@PAGES.add("GET", "/desk/new", access=OVERSEERS, query=Within, nav=Nav("代录", "phone", 15))
async def taking_page(visit: Visit) -> Shown:
    return Page(
        "desk/new.html",
        {
            "picker": picker_of(visit, "where", "/desk/new", usual=own_place(visit)),
            "urgencies": [("", "由系统判断"), *URGENCY_LABELS.items()],
            "channels": [(each, label(each)) for each in CHANNELS],
        },
    )


@PAGES.add("POST", "/desk/new", access=OVERSEERS, form=TakingShape, again=taking_page, once=True)
async def take_need(visit: Visit) -> Shown:
    said = visit.form
    posting = NeedPosting(
        text=said["text"],
        region=meant_place(visit, said["where"], "where").code,
        channel=said["channel"],
        contact=Contact(said["name"], said["phone"], said["address"]),
        urgency=said["urgency"],
    )
    file = await visit.desk.intake.post_need(visit.who, posting)
    return Redirect(f"/desk/needs/{file.need.id}", said=f"已录入，编号 {spoken(file.need.number)}，请念给居民；下面可以直接派单")
