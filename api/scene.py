"""What is under way when the demo is first shown, called over HTTP like the round: a whistle with one unit there and two awaited,
the departments that get what the lower levels could not settle, and needs that nobody of the city can meet."""

from pathlib import Path
from typing import Any

import aiohttp

from api.demo import COMMUNITY, HOME_GRID, Client, read_accounts
from models.vocabulary import OrganisationType

TEXT = "下水道返水，三栋楼的地下车库进水，要排水、断电、劝离车主"
NOTE = "先到物业值班室集合"
# Asked of one person: few speak both, and none of them does the work nearby.
RARE = {"gender": "female", "languages": ["tibetan", "sign"]}
UNMET = (
    "婆婆只会藏语又听不见，想请人教她用手机挂号",
    "妈妈听不见、只懂藏文，想找人陪她去医院做检查",
    "想找会手语又会藏语的老师给孩子补数学",
)
# Whose matter it is where the lower levels could not settle it, by what the department's name says.
MATTERS_OF: dict[str, list[dict[str, str]]] = {
    "卫生服务中心": [{"group": "health"}, {"service": "bathing_care"}, {"service": "hospice"}],
    "消防救援站": [{"service": "emergency_rescue"}, {"service": "fire_safety"}],
    "派出所": [{"service": "patrol"}, {"service": "missing_person"}, {"service": "domestic_violence"}, {"service": "anti_fraud"}],
    "司法所": [{"service": "neighbour_mediation"}, {"service": "family_mediation"}, {"service": "legal_advice"}],
    "城管中队": [{"group": "governance"}],
    "市场监管所": [{"service": "consumer_rights"}],
}
ROLES = ("admin", "community", "organisation", "volunteer", "social_worker")


async def set_scene(base: str, accounts_path: Path) -> None:
    """Once: where the community has whistled before, nothing is done. Raises RoundError."""
    accounts = read_accounts(accounts_path)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        clients = {role: await Client(session, base).sign_in(accounts[role]) for role in ROLES}
        whistled = await clients["community"].call("看吹哨", "GET", f"/api/v1/whistles?region={COMMUNITY}&limit=1")
        if not whistled["items"]:
            await _whistle(clients)
            await _ask_the_impossible(clients["community"])
        table = await clients["admin"].call("看办理时限", "GET", "/api/v1/timetable")
        if not table["departments"]:
            await _name_departments(clients["admin"], table)


async def _whistle(clients: dict[str, Client]) -> None:
    """The organisation reports in; the squad's two have half an hour."""
    community, organisation = clients["community"], clients["organisation"]
    called = {role: (await clients[role].call("看自己", "GET", "/api/v1/me"))["provider"] for role in ROLES[2:]}
    own = {"community": COMMUNITY, "kind": "base"}
    await organisation.call("双报到登记", "POST", "/api/v1/registrations", own)
    members = [called["volunteer"], called["social_worker"]]
    squad = await community.call(
        "组建应急队",
        "POST",
        "/api/v1/squads",
        {"name": "演示社区应急队", "kind": "emergency", "region": COMMUNITY, "members": members},
    )
    body = {"text": TEXT, "note": NOTE, "region": HOME_GRID, "units": [called["organisation"]], "squads": [squad["id"]]}
    whistle = await community.call("吹哨", "POST", "/api/v1/whistles", body)
    await organisation.call("报到", "POST", f"/api/v1/whistles/{whistle['id']}/report-in", {})


async def _ask_the_impossible(community: Client) -> None:
    for text in UNMET:
        said = {"text": text, "region": HOME_GRID, "channel": "community", "constraints": RARE}
        need = await community.call("代录", "POST", "/api/v1/needs", said)
        await community.call("派单", "POST", f"/api/v1/needs/{need['id']}/orders", {"mode": "sequence"})


async def _name_departments(admin: Client, table: dict[str, Any]) -> None:
    """Each for what is its own; whose matter something else is, nobody has said."""
    found = await admin.call("找职能部门", "GET", f"/api/v1/organisations?region={COMMUNITY[:6]}&limit=200")
    departments = [each for each in found["items"] if each["type"] == OrganisationType.DEPARTMENT and each["active"]]
    rules = [
        {"department": each["id"], "region": COMMUNITY[:6], **matter}
        for word, matters in MATTERS_OF.items()
        for each in [each for each in departments if word in each["name"]][:1]
        for matter in matters
    ]
    if rules:
        kept = {name: table[name] for name in ("version", "rules", "hours", "holidays", "workdays")}
        await admin.call(
            "指定职能部门", "PUT", "/api/v1/timetable", {**kept, "departments": rules, "reason": "演示：升级到职能部门"}
        )
