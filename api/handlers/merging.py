"""重复的需求: which may be the same, and a person's decision that they are; or that one need is two."""

from api.routing import OVERSEERS, ROUTES, Answer, Call
from api.views.needs import duplicate_view, need_view
from models.schemas.need_answers import DuplicatesAnswer, NeedAnswer
from models.schemas.needs import DuplicatesQuery, MergeShape, SplitShape, UnmergeShape

PATH = "/api/v1/needs/{id}"


@ROUTES.add(
    "GET",
    PATH + "/duplicates",
    access=OVERSEERS,
    query=DuplicatesQuery,
    answer=DuplicatesAnswer,
    summary="可能重复的需求和理由；只提示，不自动合并",
)
async def duplicates(call: Call) -> Answer:
    found = await call.desk.duplicates.of(call.who, call.path("id"), call.query["limit"])
    return {"duplicates": [duplicate_view(each, call.desk.context) for each in found]}


@ROUTES.add("POST", PATH + "/merge", access=OVERSEERS, body=MergeShape, answer=NeedAnswer, summary="合并到另一条需求")
async def merge(call: Call) -> Answer:
    need = await call.desk.merging.merge(call.who, call.path("id"), call.body["into"], call.body["reason"])
    return need_view(await call.desk.intake.get_need(call.who, need.id), call.desk.context)


@ROUTES.add("POST", PATH + "/unmerge", access=OVERSEERS, body=UnmergeShape, answer=NeedAnswer, summary="撤销合并")
async def unmerge(call: Call) -> Answer:
    need = await call.desk.merging.unmerge(call.who, call.path("id"), call.body["reason"])
    return need_view(await call.desk.intake.get_need(call.who, need.id), call.desk.context)


@ROUTES.add(
    "POST",
    PATH + "/split",
    access=OVERSEERS,
    body=SplitShape,
    answer=NeedAnswer,
    status=201,
    summary="拆成两条：另一件事单独成为一条需求",
)
async def split(call: Call) -> Answer:
    return need_view(await call.desk.splitting.split(call.who, call.path("id"), call.body["text"]), call.desk.context)
