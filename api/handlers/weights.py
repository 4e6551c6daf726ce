"""权重: what counts how much, for administrators."""

from marshmallow import ValidationError

from api.paging import page_in_memory
from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.tuning import learn_report_view, preview_report_view, weights_view
from matcher.tuning.trials import Span
from models.errors import InvalidInputError
from models.schemas.answers import page_of
from models.schemas.base import Code, LongPage
from models.schemas.tuning_answers import LearnAnswer, PreviewAnswer
from models.schemas.weights import LearnShape, PreviewShape, RollbackShape, WeightsShape
from models.schemas.weights_answers import WeightsAnswer
from models.weights import Weights

PATH = "/api/v1/weights/{name}"


@ROUTES.add("GET", "/api/v1/weights", access=ADMINS, query=LongPage, answer=page_of(WeightsAnswer), summary="所有权重方案")
async def list_weights(call: Call) -> Answer:
    return _page(call, await call.desk.weights.latest())


@ROUTES.add("GET", PATH, access=ADMINS, answer=WeightsAnswer, summary="一个权重方案")
async def get_weights(call: Call) -> Answer:
    return weights_view(await call.desk.weights.get(call.path("name")))


@ROUTES.add("PUT", PATH, access=ADMINS, body=WeightsShape, answer=WeightsAnswer, summary="修改权重；下一次排序就用新的")
async def put_weights(call: Call) -> Answer:
    return weights_view(await call.desk.weights.put(call.who, profile_name(call.path("name")), call.body))


@ROUTES.add(
    "GET",
    PATH + "/versions",
    access=ADMINS,
    query=LongPage,
    answer=page_of(WeightsAnswer),
    summary="一个权重方案的所有版本，新的在前",
)
async def list_versions(call: Call) -> Answer:
    return _page(call, await call.desk.weights.versions(call.path("name")))


@ROUTES.add("POST", PATH + "/rollback", access=ADMINS, body=RollbackShape, answer=WeightsAnswer, summary="回到以前的一版")
async def roll_back(call: Call) -> Answer:
    return weights_view(await call.desk.weights.roll_back(call.who, call.path("name"), call.body["version"]))


@ROUTES.add(
    "POST",
    PATH + "/preview",
    access=ADMINS,
    body=PreviewShape,
    answer=PreviewAnswer,
    summary="试算：换了权重，过去的派单会怎样；什么也不改",
)
async def preview(call: Call) -> Answer:
    span = Span(call.body["since"], call.body["limit"])
    return preview_report_view(await call.desk.trials.preview(call.who, call.path("name"), call.body["criteria"], span))


@ROUTES.add(
    "POST",
    PATH + "/learn",
    access=ADMINS,
    body=LearnShape,
    answer=LearnAnswer,
    summary="学习：从接单、拒单和评价里得出建议的权重和依据；什么也不改",
)
async def learn(call: Call) -> Answer:
    span = Span(call.body["since"], call.body["limit"])
    return learn_report_view(await call.desk.trials.learn(call.who, call.path("name"), span))


def _page(call: Call, profiles: list[Weights]) -> Answer:
    return page_in_memory(profiles, call.query, lambda each: f"{each.name}:{each.version}", weights_view)


def profile_name(name: str) -> str:
    """A new profile's name stands in addresses from then on: it is held to the form of a code."""
    try:
        return str(Code().deserialize(name))
    except ValidationError:
        raise InvalidInputError("方案名称不正确", {"name": ["只能由字母、数字和 - _ : 组成，最多 40 个字"]}) from None
