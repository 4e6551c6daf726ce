"""理解模型: which versions there are, and which one counts; for administrators."""

from api.keys import MODEL_FOLLOWER
from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.models import models_view
from models.errors import NotFoundError
from models.schemas.model_answers import ModelsAnswer
from models.schemas.models import UseShape

PATH = "/api/v1/models"


@ROUTES.add("GET", PATH, access=ADMINS, answer=ModelsAnswer, summary="理解模型的各个版本和现用的版本，新的在前")
async def list_models(call: Call) -> Answer:
    return models_view(await call.desk.models.list(), await call.desk.models.in_use())


@ROUTES.add("POST", PATH + "/{id}/use", access=ADMINS, body=UseShape, answer=ModelsAnswer, summary="启用一个版本；0 是程序自带的")
async def use_model(call: Call) -> Answer:
    in_use = await call.desk.models.use(call.who, version_of(call.path("id")), call.body["reason"])
    await call.request.app[MODEL_FOLLOWER].refresh()
    return models_view(await call.desk.models.list(), in_use)


def version_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFoundError("没有这一版模型")
    return int(text)
