"""实时通知."""

from api.keys import IDENTITY
from api.routing import ROUTES, SIGNED_IN, Answer, Call
from api.stream import serve_stream
from models.schemas.notices import StreamQuery


@ROUTES.add(
    "GET",
    "/api/v1/stream",
    access=SIGNED_IN,
    query=StreamQuery,
    summary="实时通知（text/event-stream），可凭 Last-Event-ID 续接；need、whistle、desk 所指的有了变化，另有 touched",
)
async def stream(call: Call) -> Answer:
    identity, authorization = call.request.app[IDENTITY], call.request.headers.get("Authorization")
    return await serve_stream(call.request, call.who, lambda: identity.principal(authorization), call.query)
