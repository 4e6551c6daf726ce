"""时限: the timetable, for administrators, and what an order's provider says of it."""

from api.paging import page_in_memory
from api.routing import ADMINS, PROVIDERS_AND_OVERSEERS, ROUTES, Answer, Call
from api.views.clocks import timetable_view
from api.views.orders import order_file_view
from models.schemas.answers import page_of
from models.schemas.base import LongPage
from models.schemas.clock_answers import TimetableAnswer
from models.schemas.clocks import TimetableShape
from models.schemas.order_answers import OrderFileAnswer

PATH = "/api/v1/timetable"


@ROUTES.add("GET", PATH, access=ADMINS, answer=TimetableAnswer, summary="现行办理时限")
async def get_timetable(call: Call) -> Answer:
    return timetable_view(await call.desk.timetables.get())


@ROUTES.add("PUT", PATH, access=ADMINS, body=TimetableShape, answer=TimetableAnswer, summary="修改办理时限：整张表，带版本和理由")
async def put_timetable(call: Call) -> Answer:
    return timetable_view(await call.desk.timetables.put(call.who, call.body))


@ROUTES.add(
    "GET",
    PATH + "/versions",
    access=ADMINS,
    query=LongPage,
    answer=page_of(TimetableAnswer),
    summary="办理时限的所有版本，新的在前",
)
async def list_versions(call: Call) -> Answer:
    versions = await call.desk.timetables.versions()
    return page_in_memory(versions, call.query, lambda each: str(each.version), timetable_view)


@ROUTES.add(
    "POST",
    "/api/v1/orders/{id}/contacted",
    access=PROVIDERS_AND_OVERSEERS,
    answer=OrderFileAnswer,
    summary="已联系居民：接单以后的联系时限到此为止",
)
async def contacted(call: Call) -> Answer:
    await call.desk.clocks.contacted(call.who, call.path("id"))
    return order_file_view(await call.desk.reading.get_order(call.who, call.path("id")), call.desk.context)
