"""运行情况: how the workers and the database are, for administrators."""

from api.routing import ADMINS, ROUTES, Answer, Call
from api.running import how_it_runs
from api.views.running import running_view
from models.schemas.base_answers import RunningAnswer


@ROUTES.add("GET", "/api/v1/running", access=ADMINS, answer=RunningAnswer, summary="运行情况：各工作进程的候选数据和数据库")
async def running(call: Call) -> Answer:
    return running_view(await how_it_runs(call.request.app))
