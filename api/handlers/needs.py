"""点单: needs, who could meet them, and what the residents think of it."""

from operator import attrgetter

from api.paging import decode_need_cursor, page
from api.routing import OVERSEERS, POSTERS, ROUTES, SIGNED_IN, Answer, Call
from api.views.candidates import candidates_view
from api.views.clocks import counts_view, overview_view
from api.views.needs import need_line_view, need_view
from api.views.understanding import understanding_view
from matcher.dispatch.closing import Judgement
from matcher.dispatch.ranking_desk import RankingRequest
from models.need_filter import NeedFilter
from models.schemas.answers import page_of
from models.schemas.candidate_answers import CandidatesAnswer, RankingAnswer
from models.schemas.clock_answers import NeedCountsAnswer, OverviewAnswer
from models.schemas.need_answers import NeedAnswer, NeedLineAnswer
from models.schemas.needs import AmendmentShape, CandidatesQuery, CountsQuery, EvaluationShape, NeedQuery, NeedShape, RankingShape
from models.vocabulary import ProviderKind


@ROUTES.add("POST", "/api/v1/needs", access=POSTERS, body=NeedShape, answer=NeedAnswer, status=201, summary="点单：说出需求")
async def post_need(call: Call) -> Answer:
    return need_view(await call.desk.intake.post_need(call.who, call.body), call.desk.context)


@ROUTES.add(
    "GET",
    "/api/v1/needs",
    access=SIGNED_IN,
    query=NeedQuery,
    answer=page_of(NeedLineAnswer),
    summary="需求列表，新的在前；urgent=true 紧急的在前；review=true 为待核对队列；due=near 快到期，due=overdue 已超时；number=编号 只找这一条",
)
async def list_needs(call: Call) -> Answer:
    asked, limit = call.query, call.query["limit"]
    wanted = NeedFilter(
        asked["region"],
        asked["status"],
        asked["service"],
        review=asked["review"],
        due=asked["due"],
        at=call.desk.context.now(),
        urgent=asked["urgent"],
        number=asked["number"],
    )
    files = await call.desk.intake.list_needs(call.who, wanted, limit + 1, decode_need_cursor(asked))
    return page(files, limit, attrgetter(wanted.place), lambda file: need_line_view(file.need, False, call.desk.context))


@ROUTES.add(
    "GET",
    "/api/v1/needs/counts",
    access=OVERSEERS,
    query=CountsQuery,
    answer=NeedCountsAnswer,
    summary="派单台的数字：新需求、无人可派、快到期、已超时、待核对……",
)
async def counts(call: Call) -> Answer:
    return counts_view(await call.desk.clocks.counts(call.who, call.query["region"]))


@ROUTES.add(
    "GET",
    "/api/v1/overview",
    access=OVERSEERS,
    query=CountsQuery,
    answer=OverviewAnswer,
    summary="辖区一览：下一级每个区划的需求数和承接方数",
)
async def overview(call: Call) -> Answer:
    return overview_view(await call.desk.overviews.of(call.who, call.query["region"]), call.desk.context)


@ROUTES.add("GET", "/api/v1/needs/{id}", access=SIGNED_IN, answer=NeedAnswer, summary="一条需求和它的来龙去脉")
async def get_need(call: Call) -> Answer:
    return need_view(await call.desk.intake.get_need(call.who, call.path("id")), call.desk.context)


@ROUTES.add(
    "POST",
    "/api/v1/needs/{id}/amendment",
    access=SIGNED_IN,
    body=AmendmentShape,
    answer=NeedAnswer,
    summary="居民改自己点的单：联系方式；没派出去之前，还有原话和时间",
)
async def amend(call: Call) -> Answer:
    need = await call.desk.amending.amend(call.who, call.path("id"), call.body)
    return need_view(await call.desk.intake.get_need(call.who, need.id), call.desk.context)


@ROUTES.add(
    "GET",
    "/api/v1/needs/{id}/candidates",
    access=OVERSEERS,
    query=CandidatesQuery,
    answer=CandidatesAnswer,
    summary="谁能来：排好序的候选和理由",
)
async def candidates(call: Call) -> Answer:
    found = await call.desk.ranking.candidates_of(
        call.who,
        call.path("id"),
        call.query["limit"],
        call.query["weights"],
        call.query["why"],
        kind=call.query["kind"],
        counts=call.query["counts"],
    )
    return candidates_view(found)


@ROUTES.add(
    "POST", "/api/v1/rankings", access=OVERSEERS, body=RankingShape, answer=RankingAnswer, summary="试排：只看结果，不留记录"
)
async def rank_text(call: Call) -> Answer:
    kinds = frozenset(ProviderKind) if call.body["kinds"] is None else frozenset(call.body["kinds"])
    request = RankingRequest(call.body["text"], call.body["region"], call.body["limit"], call.body["point"], kinds)
    understanding, found = await call.desk.ranking.rank_text(request)
    return {"understanding": understanding_view(understanding, call.desk.context), **candidates_view(found)}


@ROUTES.add(
    "POST",
    "/api/v1/needs/{id}/evaluation",
    access=SIGNED_IN,
    body=EvaluationShape,
    answer=NeedAnswer,
    status=201,
    summary="评价：响应、解决、满意",
)
async def evaluate(call: Call) -> Answer:
    need = await call.desk.closing.evaluate(call.who, call.path("id"), Judgement(**call.body))
    return need_view(await call.desk.intake.get_need(call.who, need.id), call.desk.context)
