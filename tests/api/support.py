"""What the tests of the API share: one of everything to call, a right body for every shape, and the database as it stands."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientResponse
from marshmallow import Schema

from api.routing import Route
from matcher.dispatch.delivery import LEASE
from models.account import ProviderRef
from models.schedule import now
from models.schemas.answers import ProblemAnswer
from models.store import Store
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, GRID, Service

Snapshot = dict[str, Any]
CHINESE = re.compile("[一-鿿]")
NOWHERE = "0" * 24
SETTLED = ("regions", "catalogue", "workers")

PROFILE: dict[str, Any] = {
    "name": "测试人",
    "skills": ["修水管", "换水龙头"],
    "bio": "做过水暖工",
    "region": GRID,
    "point": {"lng": 114.3, "lat": 30.6},
    "capacity": 3,
    "availability": [{"weekday": 1, "from": "18:00", "to": "21:00"}],
    "contact": {"phone": "00012340000", "address": "测试路 2 号"},
    "languages": ["wuhan"],
    "away_from": "2027-05-01T00:00:00+08:00",
    "away_to": "2027-05-06T00:00:00+08:00",
    "substitute": {"kind": "volunteer", "id": NOWHERE},
    "daily_offers": 50,
    "weekly_offers": 100,
}
OWN_FIELDS: dict[ProviderKind, dict[str, Any]] = {
    ProviderKind.VOLUNTEER: {"party_member": True, "gender": "female"},
    ProviderKind.SOCIAL_WORKER: {"credential": "assistant", "gender": "male"},
    ProviderKind.ORGANISATION: {"type": "charity", "service_regions": [COMMUNITY]},
}
ADDRESSES = {
    ProviderKind.VOLUNTEER: "/api/v1/volunteers",
    ProviderKind.SOCIAL_WORKER: "/api/v1/social-workers",
    ProviderKind.ORGANISATION: "/api/v1/organisations",
}
# Every field of every shape is said here once: what a test makes wrong is then the only thing wrong.
BODIES: dict[str, dict[str, Any]] = {
    "Credentials": {"username": "nobody", "password": "not a password"},
    "AccountShape": {"username": "新账号", "role": "community", "name": "周社区", "region": COMMUNITY},
    "ActiveShape": {"active": False},
    "NewItemShape": {
        "code": "pet_care",
        "reason": "问的人多",
        "name": "照看宠物",
        "group": "repair",
        "covers": "出门时帮忙喂猫遛狗",
        "excludes": "看病",
        "skills": ["猫狗寄养", "遛狗"],
        "examples": ["出差几天想找人喂猫"],
        "credential": "none",
        "who": ["volunteer"],
        "urgency": 1,
        "people": 1,
    },
    "ItemChangeShape": {
        "version": 1,
        "reason": "说得更清楚",
        "name": "水管维修",
        "group": "repair",
        "covers": "水管",
        "excludes": "马路上的",
        "skills": ["修水管"],
        "examples": ["水管漏了"],
        "credential": "none",
        "who": ["volunteer"],
        "urgency": 2,
        "people": 1,
    },
    "NeedShape": {
        "text": "厨房水龙头关不紧一直漏水",
        "region": GRID,
        "point": {"lng": 114.3, "lat": 30.6},
        "contact": {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"},
        "channel": "community",
        "urgency": 2,
        "people": 1,
        "window": {"from": "2027-03-01T09:00:00+08:00", "to": "2027-03-01T11:00:00+08:00"},
        "constraints": {"gender": "female", "languages": ["wuhan", "sign"], "party_member": False},
    },
    "RankingShape": {
        "text": "水管漏水",
        "region": GRID,
        "point": {"lng": 114.3, "lat": 30.6},
        "limit": 5,
        "kinds": ["volunteer", "organisation"],
    },
    "OfferShape": {
        "mode": "direct",
        "provider": {"kind": "volunteer", "id": NOWHERE},
        "place": "lead",
        "providers": [{"kind": "volunteer", "id": NOWHERE}],
        "squad": NOWHERE,
        "k": 3,
        "at_most": 5,
        "offer_minutes": 30,
        "closes_at": "2027-03-01T09:00:00+08:00",
        "roles": [
            {"role": "社工", "kind": "social_worker", "party_member": False, "service": "counselling", "credential": "assistant"}
        ],
        "note": "请尽快",
    },
    "DeclineShape": {"reason": "这两天不在家", "code": "away"},
    "HandBackShape": {"reason": "临时有事", "code": "no_time"},
    "ApplyShape": {"without": [NOWHERE]},
    "WithdrawShape": {"reason": "派错了人"},
    "CancelShape": {"reason": "已经自己修好了"},
    "ReopenShape": {"reason": "又漏了"},
    "SuspendShape": {"reason": "等配件", "until": "2027-03-01T09:00:00+08:00"},
    "TakeOverShape": {"note": "我来负责"},
    "HandleShape": {"summary": "社区请了物业上门"},
    "CompleteShape": {"summary": "换了阀芯"},
    "EvaluationShape": {"responded": True, "resolved": True, "satisfied": False, "score": 4, "comment": "来得快"},
    "QuietHoursShape": {"from": "23:00", "to": "06:30"},
    "WebhookShape": {"url": "http://127.0.0.1:9/hook"},
    "TrackShape": {"number": NOWHERE, "phone_tail": "5678"},
    "ReadShape": {"to": NOWHERE},
    "PlanShape": {"region": GRID, "needs": [NOWHERE]},
    "WhistleShape": {
        "need": NOWHERE,
        "text": "河堤有险情",
        "region": GRID,
        "units": [{"kind": "organisation", "id": NOWHERE}],
        "squads": [NOWHERE],
        "minutes": 30,
        "note": "带上沙袋",
    },
    "ReportInShape": {"unit": {"kind": "organisation", "id": NOWHERE}},
    "ProposeClosingShape": {"unit": {"kind": "organisation", "id": NOWHERE}, "summary": "险情已排除"},
    "VetoShape": {"reason": "还在渗水"},
    "CloseWhistleShape": {
        "summary": "险情已排除",
        "ratings": [{"unit": {"kind": "organisation", "id": NOWHERE}, "rating": 5, "remark": "来得快"}],
        "squad_ratings": [{"squad": NOWHERE, "rating": 4, "remark": "来得齐"}],
    },
    "SquadShape": {
        "name": "防汛应急队",
        "kind": "emergency",
        "region": COMMUNITY,
        "members": [{"kind": "organisation", "id": NOWHERE}],
    },
    "SquadChangeShape": {
        "name": "防汛队",
        "kind": "work",
        "members": [{"kind": "organisation", "id": NOWHERE}],
        "version": 1,
    },
    "RegistrationShape": {
        "community": COMMUNITY,
        "kind": "base",
        "provider": {"kind": "organisation", "id": NOWHERE},
    },
    "AmendmentShape": {
        "text": "厨房水龙头一直漏水",
        "contact": {"name": "周测试", "phone": "00012345678", "address": "测试路 2 号"},
        "window": {"from": "2090-05-06T09:00:00+08:00", "to": "2090-05-06T11:00:00+08:00"},
    },
    "CorrectionShape": {
        "services": ["drain", {"code": "plumbing"}],
        "urgency": 3,
        "people": 2,
        "window": {"from": "2027-03-01T09:00:00+08:00", "to": "2027-03-01T11:00:00+08:00"},
        "confirmed": True,
        "revision": 1,
        "reason": "电话里问过了",
    },
    "TimetableShape": {
        "version": 1,
        "reason": "试一试",
        "rules": [
            {
                "stage": "done",
                "minutes": 9,
                "days": None,
                "working": True,
                "urgency": 3,
                "service": "drain",
                "group": None,
                "region": GRID[:2],
            },
            {"stage": "done", "days": 7},
            *({"stage": stage, "minutes": 60, "working": True} for stage in ("respond", "sign", "contact")),
        ],
        "hours": {"from": "09:00", "to": "17:00"},
        "holidays": ["2027-05-04"],
        "workdays": ["2027-05-08"],
        "departments": [{"department": NOWHERE, "minutes": 60, "service": "drain", "group": None, "region": GRID[:2]}],
    },
    "UseShape": {"reason": "试过了"},
    "SplitShape": {"text": "另外想找人陪妈妈说说话"},
    "MergeShape": {"into": "1" * 24, "reason": "是同一处漏水"},
    "UnmergeShape": {"reason": "不是一回事"},
    "RollbackShape": {"version": 1},
    "LearnShape": {"since": "2026-03-01T09:00:00+08:00", "limit": 50},
    "PreviewShape": {"criteria": {"skill": 1, "location": 0.5}, "since": "2026-03-01T09:00:00+08:00", "limit": 50},
    "WeightsShape": {
        "criteria": {"skill": 1, "location": 0.5},
        "version": 1,
        "reason": "试一试",
        "applies_to": {"group": "repair", "region": COMMUNITY},
    },
    **{f"{kind.title().replace('_', '')}Profile": PROFILE | own for kind, own in OWN_FIELDS.items()},
    **{
        f"{kind.title().replace('_', '')}ProfileChange": PROFILE | own | {"active": True, "version": 1}
        for kind, own in OWN_FIELDS.items()
    },
}


CALLERS = (Role.ADMIN, *(role for role in Role if role != Role.ADMIN))


def right_body(schema: Schema) -> dict[str, Any]:
    return BODIES[type(schema).__name__]


async def stage(service: Service) -> dict[str, str]:
    """One of everything in the database; the id that stands for `{id}` under each address."""
    ids = {}
    for kind, address in ADDRESSES.items():
        profile = await service.call(Role.ADMIN, "POST", address, PROFILE | OWN_FIELDS[kind], expect=201)
        ids[address] = profile["id"]
    need = await service.need()
    order = await service.offer(need, {"kind": "volunteer", "id": ids[ADDRESSES[ProviderKind.VOLUNTEER]]})
    return ids | {"/api/v1/needs": need["id"], "/api/v1/orders": order["id"]}


async def caller_of(service: Service, route: Route) -> str:
    """The token of somebody who may call it: the administrator, where they may."""
    return await service.token(
        Role.ADMIN if route.access.public else next(each for each in CALLERS if each in route.access.roles)
    )


def address_of(route: Route, ids: dict[str, str]) -> str:
    """The route's path with the ids of things that are there."""
    return (
        route.path.replace("{id}", ids.get("/".join(route.path.split("/")[:4]), NOWHERE))
        .replace("{name}", "default")
        .replace("{version}", "0")
    )


async def snapshot(store: Store) -> Snapshot:
    """Every document of the database, when all that happened has been told; of what only grows at start, their number."""
    await told(store)
    names = await store.database.list_collection_names()
    return {
        name: await store.database[name].count_documents({})
        if name in SETTLED
        else [document async for document in store.database[name].find({}).sort("_id", 1)]
        for name in names
    }


async def told(store: Store, seconds: float = 15.0) -> None:
    """Returns when nothing in the outbox is waiting to be delivered now."""

    async def holds() -> bool:
        return await store.database["outbox"].count_documents({"due_at": {"$lte": now() + LEASE}}) == 0

    await until(holds, seconds)


async def assert_problem(response: ClientResponse, *statuses: int) -> dict[str, Any]:
    """A refusal is always the same envelope, with words for a person in it."""
    text = await response.text()
    assert response.status in (statuses or range(400, 500)), (response.status, text[:300])
    assert response.content_type == "application/problem+json", text[:300]
    answer: dict[str, Any] = json.loads(text)
    assert ProblemAnswer().validate(answer) == {}
    assert answer["status"] == response.status
    assert answer["code"]
    assert CHINESE.search(answer["detail"])
    assert answer["request_id"] == response.headers["X-Request-Id"]
    return answer


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 60.0) -> None:
    """Ask again until it holds; fail at the deadline."""
    deadline = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        await asyncio.sleep(0.05)


async def own_profile(service: Service, **changes: Any) -> tuple[dict[str, Any], str]:
    """A volunteer who registered themself, and their token."""
    token = await service.account(Role.VOLUNTEER)
    profile = await service.call(
        token, "POST", ADDRESSES[ProviderKind.VOLUNTEER], PROFILE | {"party_member": False} | changes, expect=201
    )
    return profile, token


def ref_of(profile: dict[str, Any]) -> ProviderRef:
    return ProviderRef(ProviderKind(profile["kind"]), profile["id"])
