"""事项清单, changed by administrators."""

from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.base import service_item_view
from models.schemas.base_answers import ServiceItemAnswer
from models.schemas.catalogue import ItemChangeShape, NewItemShape


@ROUTES.add(
    "POST",
    "/api/v1/catalogue",
    access=ADMINS,
    body=NewItemShape,
    answer=ServiceItemAnswer,
    status=201,
    summary="新增一个事项；马上可选、可排候选，听懂它要等下次训练模型",
)
async def add_item(call: Call) -> Answer:
    return service_item_view(await call.desk.cataloguing.add(call.who, call.body))


@ROUTES.add(
    "PATCH",
    "/api/v1/catalogue/{id}",
    access=ADMINS,
    body=ItemChangeShape,
    answer=ServiceItemAnswer,
    summary="修改一个事项；没有写的不变",
)
async def change_item(call: Call) -> Answer:
    return service_item_view(await call.desk.cataloguing.change(call.who, call.path("id"), call.body))
