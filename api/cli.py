"""The command line: sandan serve | demo | seed | rank | account add | train | model …."""

import asyncio
import getpass
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from aiohttp import web

from api.assembly import base_items, make_context, make_understander, understander_in_use
from api.background.loading import loaded
from api.crew import Crew
from api.demo import add_demo_accounts, play_round, show_measures, show_ranking
from api.identity import Identity
from api.keys import DESK, IDENTITY, STORE
from api.model_cli import models
from api.scene import set_scene
from api.service import ServiceError, mongodb
from api.service import serve as run_service
from api.terminal import out, plainly, say, settings_of, with_store
from api.training_cli import train
from matcher.catalogue import Catalogue
from matcher.dispatch.desk import Desk
from matcher.dispatch.ranking_desk import RankingRequest
from matcher.ranking.criteria import default_criteria
from matcher.tuning.evaluate import evaluate as evaluate_sample
from models.account import ProviderRef
from models.place import Regions
from models.schedule import now
from models.store import Store
from models.vocabulary import OVERSEER_ROLES, ProviderKind, Role
from models.weights import Weights
from seed.load import load_demo

T = TypeVar("T")
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="三单 Sandan：群众点单、社区派单、党员接单。设置用环境变量 SANDAN_*，见 README。",
)
accounts = typer.Typer(no_args_is_help=True, help="账号。")
app.add_typer(accounts, name="account")
app.add_typer(models, name="model")

Host = Annotated[str | None, typer.Option(help="监听地址，默认 127.0.0.1。")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="监听端口，默认 8080。")]


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="工作进程数，共用一个端口；每个占一个核，各有一份候选数据。")] = 1,
    regions: Annotated[str | None, typer.Option(help="只装载这些区划的承接方，用逗号分隔，如 4101,4201。")] = None,
) -> None:
    """启动服务；空数据库会先装入区划、事项清单和默认权重。"""

    def tell(address: str) -> None:
        several = f"，{workers} 个工作进程" if workers > 1 else ""
        out.print(f"三单已在 {address} 就绪{several}（网页 /，接口文档 /docs），Ctrl-C 停止。", highlight=False)

    async def announce(_: web.Application, address: str) -> bool:
        tell(address)
        return True

    with plainly():
        if regions is not None:
            os.environ["SANDAN_REGIONS"] = regions
        settings = settings_of(host, port)
        with mongodb(settings) as uri:
            if workers > 1:
                asyncio.run(Crew(settings, uri, workers).serve(tell))
            else:
                asyncio.run(run_service(settings, uri, announce))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="走完一轮就退出：成功为 0，出错非 0。")] = False,
    host: Host = None,
    port: Port = None,
) -> None:
    """装入演示城市，启动服务，经 HTTP 走完一轮：点单 → 候选 → 派单 → 接单 → 开始 → 完成 → 评价。"""

    async def show(application: web.Application, address: str) -> bool:
        context = application[DESK].context
        await load_demo(application[STORE], context.understander, context.regions, say)
        written = await add_demo_accounts(application[STORE], application[IDENTITY], settings.data_dir)
        out.print(f"三单已在 {address} 就绪，用浏览器打开即可登录。演示账号和密码在 {written}。", highlight=False)
        await play_round(address, written, out)
        await set_scene(address, written)
        if not once:
            out.print("服务继续运行，Ctrl-C 停止。")
        return not once

    with plainly():
        settings = settings_of(host, port, quiet=True)
        with mongodb(settings) as uri:
            asyncio.run(run_service(settings, uri, show))


@app.command()
def seed(
    people: Annotated[bool, typer.Option("--demo", help="再装入演示的志愿者、社工、组织和需求（均为虚构）。")] = False,
) -> None:
    """装入区划、事项清单和默认权重；已有的不动。"""

    async def work(store: Store) -> None:
        out.print(f"区划 {await store.regions.count()} 个，事项 {len(await store.catalogue.load())} 项。", highlight=False)
        if people:
            catalogue = Catalogue(await store.catalogue.load())
            understander = await understander_in_use(store, catalogue, settings.data_dir)
            counts = await load_demo(store, understander, Regions(await store.regions.load()), say)
            out.print("，".join(f"{name} {count}" for name, count in counts.items()) + "。", highlight=False)

    with plainly():
        settings = settings_of(quiet=True)
        with_store(settings, work)


@app.command()
def rank(
    text: Annotated[str, typer.Argument(help="居民说的话。")],
    region: Annotated[str, typer.Option(help="区划代码。")] = "420106",
    limit: Annotated[int, typer.Option(min=1, max=200, help="列出几位。")] = 10,
) -> None:
    """理解一句话并排出谁能来；不留记录。"""

    async def work(store: Store) -> None:
        catalogue = Catalogue(await store.catalogue.load())
        context = await make_context(store, await understander_in_use(store, catalogue, settings.data_dir), catalogue)
        context.columns.become(await loaded(store, context.columns))
        understanding, found = await Desk(context).ranking.rank_text(RankingRequest(text, region, limit))
        show_ranking(out, understanding, found, catalogue)

    with plainly():
        settings = settings_of(quiet=True)
        with_store(settings, work)


app.command()(train)


@app.command()
def remap(
    everyone: Annotated[
        bool, typer.Option("--all", help="现在的模型理解过的也再来一遍：事项清单里的手艺改过、加过之后用。")
    ] = False,
) -> None:
    """换了模型之后：用现在的模型重新理解所有承接方的技能。"""

    async def work(store: Store) -> int:
        understander = await understander_in_use(store, Catalogue(await store.catalogue.load()), settings.data_dir)
        count = 0
        found = store.providers.every() if everyone else store.providers.mapped_otherwise(understander.version)
        async for provider in found:
            mapped = understander.mapped(provider)
            if not everyone or mapped != provider:
                await store.providers.set_meaning(mapped)
                count += 1
        return count

    with plainly():
        settings = settings_of(quiet=True)
        out.print(f"重新理解了 {with_store(settings, work)} 位承接方。", highlight=False)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="有 needs*.jsonl 和 candidates*.jsonl 的目录。", exists=True, file_okay=False)],
) -> None:
    """在一份有标注的样本上衡量理解和排序：全部候选都在同一处、承接量相同。"""
    with plainly():
        settings = settings_of(quiet=True)
        catalogue = Catalogue(base_items(settings))
        weights = Weights("default", 1, default_criteria(), now(), "")
        measured = evaluate_sample(folder, make_understander(catalogue, settings.data_dir), catalogue, weights, now())
        show_measures(out, measured)


@accounts.command("add")
def add_account(
    username: Annotated[str, typer.Argument(help="登录名。")],
    role: Annotated[Role, typer.Option(help="身份。")],
    region: Annotated[str | None, typer.Option(help="负责的区划代码；社区和街道必填。")] = None,
    name: Annotated[str | None, typer.Option(help="显示的名字，默认同登录名。")] = None,
    provider: Annotated[str | None, typer.Option(help="已登记的承接方，写作 volunteer:ID。")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码；否则随机生成并打印。")] = False,
) -> None:
    """新建账号。"""
    with plainly():
        settings = settings_of(quiet=True)
        username = username.strip()
        if not username or len(username) > 60:
            raise ServiceError("用户名应当是 1 到 60 个字")
        if role in OVERSEER_ROLES - {Role.ADMIN} and region is None:
            raise ServiceError(f"{role} 账号要用 --region 指明负责的区划")
        password = read_password() if password_stdin else secrets.token_urlsafe(12)
        ref = provider_ref(provider, role)

        async def work(store: Store) -> None:
            if region is not None and all(known.code != region for known in await store.regions.load()):
                raise ServiceError(f"没有代码为 {region} 的区划")
            if ref is not None and await store.providers.get(ref) is None:
                raise ServiceError(f"没有承接方 {ref}")
            identity = Identity(store, session_days=settings.session_days, attempts=settings.login_attempts)
            try:
                await identity.add_account(username, password, role, name or username, region, ref)
            finally:
                identity.close()

        with_store(settings, work)
        told = f"已建账号 {username}（{role}）" + ("" if password_stdin else f"，密码 {password}")
        out.print(told, markup=False, highlight=False, soft_wrap=True)


def read_password() -> str:
    password = getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(password) < 8:
        raise ServiceError("密码至少 8 个字符")
    return password


def provider_ref(text: str | None, role: Role) -> ProviderRef | None:
    if text is None:
        return None
    kind, _, id = text.partition(":")
    if kind != role or kind not in set(ProviderKind) or not id:
        raise ServiceError(f"--provider 应当写作 {role}:ID，且与 --role 一致")
    return ProviderRef(ProviderKind(kind), id)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app()
