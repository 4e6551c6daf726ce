"""实时通知."""

from api.keys import FEED, IDENTITY, REQUEST_ID, STORE
from api.routing import ROUTES, SIGNED_IN, Answer, Call
from api.stream import Reader


@ROUTES.add("GET", "/api/v1/stream", access=SIGNED_IN, summary="实时通知（text/event-stream），可凭 Last-Event-ID 续接")
async def stream(call: Call) -> Answer:
    app, authorization = call.request.app, call.request.headers.get("Authorization")
    reader = Reader(call.request, app[STORE], call.who.account_id)
    return await reader.serve(app[FEED], lambda: app[IDENTITY].principal(authorization), call.request[REQUEST_ID])
