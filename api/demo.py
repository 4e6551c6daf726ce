"""The demo: accounts for each role, and one whole round played over HTTP, each step shown as a table."""

import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.identity import Identity
from matcher.catalogue import Catalogue
from matcher.dispatch.ranking_desk import CandidateList
from matcher.ranking.eligibility import RULES
from matcher.tuning.evaluate import Measured
from models.account import ProviderRef
from models.schedule import LOCAL, now
from models.store import Store
from models.understanding import Understanding
from models.vocabulary import URGENCY_LABELS, ProviderKind, Role
from seed.people import demo_id

COMMUNITY = "420106001001"
HOME_GRID = COMMUNITY + "001"
NEED_TEXT = "厨房水盆下边那截弯管子接口处一直往外滋，抹布缠了三层也没用，柜子板都泡鼓了"
PEOPLE = {Role.VOLUNTEER: "volunteer-0", Role.SOCIAL_WORKER: "social_worker-0", Role.ORGANISATION: "organisation-0"}
NAMES = {
    Role.ADMIN: "演示管理员", Role.COMMUNITY: "演示社区", Role.VOLUNTEER: "演示志愿者", Role.ORGANISATION: "演示组织",
    Role.SOCIAL_WORKER: "演示社工", Role.RESIDENT: "演示居民",
}  # fmt: skip


class RoundError(Exception):
    """The round did not go as it should; the message says at which step and what was answered."""


async def add_demo_accounts(store: Store, identity: Identity, folder: Path) -> Path:
    """One account a role, with random passwords, written to a file that only its owner may read; kept as they are when all is there."""
    path = folder / "demo-accounts.json"
    kept = read_accounts(path)
    written: dict[str, dict[str, str]] = {}
    for role in NAMES:
        username = f"demo-{role}"
        password = kept.get(role, {}).get("password") or secrets.token_urlsafe(12)
        account = await store.accounts.find_by_username(username)
        if account is None:
            await identity.add_account(username, password, role, NAMES[role], _region(role), _provider(role))
        elif not await identity.matches(account, password):
            await identity.set_password(account, password)
        written[role] = {"username": username, "password": password}
    await _link_people(store)
    _write(path, written)
    return path


def read_accounts(path: Path) -> dict[str, dict[str, str]]:
    """Empty where there is no such file, or none that can be read: the passwords are then made anew."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(path: Path, accounts: dict[str, dict[str, str]]) -> None:
    """Readable by its owner only, from the first byte on; the file is there whole or as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    partial.replace(path)


def _region(role: Role) -> str | None:
    return COMMUNITY if role in (Role.COMMUNITY, Role.RESIDENT) else None


def _provider(role: Role) -> ProviderRef | None:
    return ProviderRef(ProviderKind(role), demo_id(PEOPLE[role])) if role in PEOPLE else None


async def _link_people(store: Store) -> None:
    """The profiles behind the three provider accounts live in the demo community and belong to their accounts."""
    for role in PEOPLE:
        ref = _provider(role)
        account = await store.accounts.find_by_username(f"demo-{role}")
        if ref is not None and account is not None:
            await store.providers.settle(ref, account.id, HOME_GRID, now())


class Client:
    """A signed-in caller of the API; raises RoundError with the step for any answer that is not a success."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base
        self._headers: dict[str, str] = {}

    async def sign_in(self, account: dict[str, str]) -> "Client":
        answer = await self.call("登录", "POST", "/api/v1/sessions", account)
        self._headers = {"Authorization": f"Bearer {answer['token']}"}
        return self

    async def call(self, step: str, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            async with self._session.request(method, self._base + path, json=body, headers=self._headers) as response:
                answer: dict[str, Any] = await response.json(content_type=None) if response.status != 204 else {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RoundError(f"{step}没有得到回答：{error!r}") from error
        if response.status >= 400:
            raise RoundError(f"{step}没有成功：HTTP {response.status} {answer.get('detail', '')}")
        return answer


async def play_round(base: str, accounts_path: Path, out: Console) -> None:
    """Post, look at the candidates, dispatch, accept, start, complete, evaluate. Raises RoundError."""
    accounts = read_accounts(accounts_path)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        clients = {role: await Client(session, base).sign_in(accounts[role]) for role in ("resident", "community", "volunteer")}
        resident, community = clients["resident"], clients["community"]
        me = await clients["volunteer"].call("看自己", "GET", "/api/v1/me")

        body = {
            "text": NEED_TEXT,
            "region": HOME_GRID,
            "channel": "resident",
            "contact": {"name": "演示居民", "phone": "00099990001"},
        }
        need = await resident.call("点单", "POST", "/api/v1/needs", body)
        _show(out, "1 群众点单：居民说", [("需求", need["text"]), ("编号", need["id"]), ("地点", need["region_name"])])
        _show_understanding(out, need["understanding"])

        found = await community.call("排序", "GET", f"/api/v1/needs/{need['id']}/candidates?limit=5")
        _show_candidates(out, found)
        if not found["candidates"]:
            raise RoundError("没有人可以承接这条需求")
        chosen = found["candidates"][0]["provider"]

        order = await community.call(
            "派单",
            "POST",
            f"/api/v1/needs/{need['id']}/orders",
            {"provider": {"kind": chosen["kind"], "id": chosen["id"]}, "note": "请先电话联系"},
        )
        _show(out, "4 社区派单", [("工单", order["id"]), ("派给", chosen["name"]), ("状态", order["status_label"])])

        himself = me["provider"] == {"kind": chosen["kind"], "id": chosen["id"]}
        actor, who = (clients["volunteer"], "本人") if himself else (community, "社区代办")
        path = f"/api/v1/orders/{order['id']}"
        order = await actor.call("接单", "POST", path + "/accept")
        contact = order["need"]["contact"]
        _show(out, "5 党员接单", [("操作", who), ("状态", order["status_label"]), ("接单后可见电话", contact["phone"])])
        order = await actor.call("开始", "POST", path + "/start")
        _show(out, "6 开始服务", [("状态", order["status_label"]), ("时间", local_time(order["started_at"]))])
        order = await actor.call("完成", "POST", path + "/complete", {"summary": "换了弯管和垫圈，试水十分钟不漏"})
        _show(out, "7 完成", [("状态", order["status_label"]), ("情况", order["summary"])])

        judgement = {"responded": True, "resolved": True, "satisfied": True, "score": 5, "comment": "来得快，修得好"}
        need = await resident.call("评价", "POST", f"/api/v1/needs/{need['id']}/evaluation", judgement)
        _show(out, "8 效由民评", [("响应／解决／满意", "是／是／是"), ("评分", "5"), ("需求状态", need["status_label"])])
        if need["status"] != "evaluated":
            raise RoundError(f"一轮走完，需求状态却是 {need['status_label']}")
        _show(out, "来龙去脉", [(local_time(event["at"]), f"{event['label']}（{event['by_name']}）") for event in need["events"]])


def local_time(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(LOCAL):%m-%d %H:%M:%S}"


def _show(out: Console, title: str, rows: list[tuple[str, str]]) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in rows:
        table.add_row(name, Text(value, overflow="fold"))
    out.print(table)


def _show_understanding(out: Console, understanding: dict[str, Any]) -> None:
    rows = [(service["name"], f"{service['confidence']:.0%}") for service in understanding["services"][:3]]
    rows += [("紧急程度", URGENCY_LABELS[understanding["urgency"]]), ("需要几人", str(understanding["people"])),
             ("转人工核对", "是" if understanding["needs_review"] else "否")]  # fmt: skip
    _show(out, "2 听懂了什么", rows)


def _show_candidates(out: Console, found: dict[str, Any]) -> None:
    table = Table(title="3 谁能来（按得分）", title_justify="left")
    for column in ("承接方", "得分", "理由"):
        table.add_column(column, overflow="fold")
    for each in found["candidates"]:
        table.add_row(each["provider"]["name"], f"{each['score']:.3f}", each["reason"])
    out.print(table)
    counts = "，".join(f"{found['excluded_labels'][rule]} {count}" for rule, count in found["excluded"].items())
    out.print(f"合格 {found['eligible']} 位；排除：{counts or '无'}", highlight=False)


def show_ranking(out: Console, understanding: Understanding, found: CandidateList, catalogue: Catalogue) -> None:
    """What `sandan rank` prints."""
    rows = [(catalogue.name_of(service.code), f"{service.confidence:.0%}") for service in understanding.services]
    _show(
        out,
        "听懂了什么",
        [
            *rows,
            ("紧急程度", URGENCY_LABELS[understanding.urgency]),
            ("转人工核对", "是" if understanding.needs_review else "否"),
        ],
    )
    table = Table("承接方", "得分", "理由", title="谁能来", title_justify="left")
    for each in found.candidates:
        table.add_row(each.name, f"{each.score:.3f}", each.reason)
    out.print(table)
    excluded = "，".join(f"{RULES[rule].label} {count}" for rule, count in found.excluded.items())
    out.print(f"合格 {found.eligible} 位；排除：{excluded or '无'}", highlight=False)


def show_measures(out: Console, measured: dict[str, Measured]) -> None:
    """What `sandan evaluate` prints."""
    table = Table("", *measured, title="衡量", title_justify="left")
    rows: list[tuple[str, Callable[[Measured], str]]] = [
        ("需求数", lambda each: str(each.needs)),
        ("P@5", lambda each: f"{each.precision_at_5:.4f}"),
        ("nDCG@10", lambda each: f"{each.ndcg_at_10:.4f}"),
        ("MRR", lambda each: f"{each.mrr:.4f}"),
        ("紧急程度一致", lambda each: f"{each.urgency_exact:.3f}"),
        ("紧急程度差一级以内", lambda each: f"{each.urgency_within_one:.3f}"),
        ("人数（一人或多人）", lambda each: f"{each.people_right:.3f}"),
        ("4 级被当成 1、2 级", lambda each: f"{each.understated_dangers} / {each.dangers}"),
        ("转人工核对", lambda each: f"{each.reviewed:.3f}"),
    ]
    for name, show in rows:
        table.add_row(name, *(show(each) for each in measured.values()))
    out.print(table)
