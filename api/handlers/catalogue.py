"""事项清单, changed by administrators."""

from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.base import service_item_view
from models.schemas.base_answers import ServiceItemAnswer
from models.schemas.catalogue import ItemChangeShape


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
