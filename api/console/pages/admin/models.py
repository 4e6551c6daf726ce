"""理解模型: what each version learned and how it compares; put to use and taken back."""

from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.handlers.models import version_of
from api.keys import MODEL_FOLLOWER
from api.routing import ADMINS
from api.views.models import models_view
from models.schemas.models import UseShape

PATH = "/admin/models"
ASKED = {"corpus": "语料里没学过的句子", "residents": "居民说过、人核对过的话"}
MEASURES = {
    "right": "第一个就听对",
    "right_when_sure": "不转人工的里面听对",
    "reviewed": "转给人核对",
    "urgency_within_one": "急不急相差不超过一级",
}


@PAGES.add("GET", PATH, access=ADMINS)
async def models(visit: Visit) -> Shown:
    view = models_view(await visit.desk.models.list(), await visit.desk.models.in_use())
    context = {"models": view, "running": visit.desk.context.understander.version, "asked": ASKED, "measures": MEASURES}
    return Page("admin/models.html", context | {"name_of": visit.desk.context.catalogue.name_of})


@PAGES.add("POST", PATH + "/back", access=ADMINS, form=UseShape, again=models)
async def back(visit: Visit) -> Shown:
    return await switched(visit, (await visit.desk.models.back(visit.who, visit.form["reason"])).version)


@PAGES.add("POST", PATH + "/{version}/use", access=ADMINS, form=UseShape, again=models)
async def use(visit: Visit) -> Shown:
    version = version_of(visit.path("version"))
    return await switched(visit, (await visit.desk.models.use(visit.who, version, visit.form["reason"])).version)


async def switched(visit: Visit, version: int) -> Redirect:
    await visit.request.app[MODEL_FOLLOWER].refresh()
    return Redirect(PATH, said=f"现在用{f'第 {version} 版' if version else '程序自带的'}，半分钟内所有机器都换上")
