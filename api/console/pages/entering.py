"""In and out: sign in, sign out, the first page of each role."""

from api.console.routing import PAGES, Page, Redirect, Shown, Visit, go
from api.console.session import forget, local_path, remember, token_of
from api.keys import IDENTITY
from api.origin import client_of
from api.routing import PUBLIC, SIGNED_IN
from models.schemas.base import Query, Text
from models.schemas.people import Credentials


class NextQuery(Query):
    """Where to go afterwards."""

    next = Text(1_000, load_default="/")


@PAGES.add("GET", "/login", access=PUBLIC, query=NextQuery)
async def sign_in_page(visit: Visit) -> Shown:
    target = local_path(visit.query["next"])
    return Redirect(target) if visit.someone and not visit.problem else Page("login.html", {"next": target})


@PAGES.add("POST", "/login", access=PUBLIC, query=NextQuery, form=Credentials, again=sign_in_page)
async def sign_in(visit: Visit) -> Shown:
    """Who was signed in before with this browser is so no more: nobody could sign that session out, its cookie is gone."""
    identity = visit.request.app[IDENTITY]
    token, _ = await identity.sign_in(visit.form["username"], visit.form["password"], client_of(visit.request))
    if former := token_of(visit.request):
        await identity.end(former)
    response = go(visit, Redirect(local_path(visit.query["next"])))
    remember(visit.request, response, token)
    return response


@PAGES.add("POST", "/logout", access=PUBLIC)
async def sign_out(visit: Visit) -> Shown:
    """Ended on the server, so that a copy of the cookie is worth nothing; whose session is over already is out as well."""
    if token := token_of(visit.request):
        await visit.request.app[IDENTITY].end(token)
    response = go(visit, Redirect("/login", said="您已退出登录"))
    forget(response)
    return response


@PAGES.add("GET", "/", access=SIGNED_IN)
async def first_page(visit: Visit) -> Shown:
    return Redirect(PAGES.home(visit.who.role))
