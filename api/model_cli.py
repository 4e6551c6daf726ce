"""sandan model learn | list | use | back | add: which model of understanding counts."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.assembly import model_of
from api.settings import Settings
from api.terminal import out, plainly, say, settings_of, with_store
from matcher.catalogue import Catalogue
from matcher.tuning.model_versions import ModelVersions, Proposal
from models.account import SYSTEM
from models.errors import InvalidInputError
from models.model_version import SHIPPED, ModelInUse, ModelVersion
from models.schedule import LOCAL, now
from models.store import Store

if TYPE_CHECKING:  # it brings scikit-learn, which only `learn` needs
    from matcher.understanding.learning import Comparison, Confusion, Measure

models = typer.Typer(no_args_is_help=True, help="理解模型的版本：学习、启用、退回。")
Reason = Annotated[str, typer.Option(help="为什么，记入事件。")]
GROUPS = {"corpus": "语料（没见过的写作者）", "residents": "居民（没见过的需求）"}
FEW = 50


async def versions_of(store: Store) -> ModelVersions:
    return ModelVersions(store, Catalogue(await store.catalogue.load()), now)


@models.command("learn")
def learn(
    part: Annotated[int, typer.Option(min=1, max=3, help="留哪三分之一来衡量。")] = 1,
    note: Annotated[str, typer.Option(help="给这一版写一句话。")] = "",
) -> None:
    """用语料和人工核对过的需求训练新模型，报告哪些变好、哪些变差，存为待启用的一版；要训练三次，几分钟。"""
    from api.learning import Taught, Teacher, material_of

    async def taught(store: Store) -> tuple[Taught, Catalogue]:
        versions = await versions_of(store)
        in_use = (await versions.in_use()).version
        present = await store.models.get(in_use) if in_use != SHIPPED else None
        return Taught(await store.examples.load(), present), Catalogue(await store.catalogue.load())

    with plainly():
        settings = settings_of(quiet=True)
        known, catalogue = with_store(settings, taught)
        material = material_of(known, catalogue)
        if not material.new:
            raise InvalidInputError("没有新的人工核对过的需求可学")
        say(f"人工核对过的需求：新的 {len(material.new)} 条，学过的 {len(material.learned)} 条")
        teacher = Teacher(catalogue, say)
        comparison = teacher.compare(material)
        show_comparison(comparison, catalogue, len(material.new))
        proposal = teacher.propose(material, comparison, note)
        kept = _proposed(settings, proposal)
        out.print(f"第 {kept.id} 版（{kept.name}）已存入数据库，尚未启用；启用：sandan model use {kept.id}", highlight=False)


@models.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="模型文件，例如 sandan train --output 写出的。", exists=True, dir_okay=False)],
    note: Annotated[str, typer.Option(help="给这一版写一句话。")] = "",
) -> None:
    """把一个模型文件存为待启用的一版，各台机器都能用它。"""
    with plainly():
        kept = _proposed(settings_of(quiet=True), Proposal(content=file.read_bytes(), note=note))
        out.print(f"第 {kept.id} 版（{kept.name}）已存入数据库，尚未启用；启用：sandan model use {kept.id}", highlight=False)


@models.command("list")
def list_versions() -> None:
    """列出各版模型和现用的一版。"""

    async def work(store: Store) -> tuple[list[ModelVersion], ModelInUse]:
        versions = await versions_of(store)
        return await versions.list(), await versions.in_use()

    with plainly():
        settings = settings_of(quiet=True)
        versions, in_use = with_store(settings, work)
        shipped = model_of(settings.data_dir).version
        table = Table("", "版本", "模型", "做成于", "由谁", "学了几条核对", "备注")
        for each in versions:
            made = f"{each.made_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
            table.add_row(_mark(each.id, in_use), str(each.id), each.name, made, each.made_by, str(each.examples), each.note)
        table.add_row(_mark(SHIPPED, in_use), str(SHIPPED), shipped, "", "", "", "程序自带，或数据目录里的 model.npz")
        out.print(table)


@models.command("use")
def use(version: Annotated[int, typer.Argument(min=0, help="版本；0 是程序自带的。")], reason: Reason = "") -> None:
    """启用一版；运行中的服务在半分钟内换上，不用重启。"""

    async def work(store: Store) -> ModelInUse:
        return await (await versions_of(store)).use(SYSTEM, version, reason)

    _switch(work)


@models.command("back")
def back(reason: Reason = "") -> None:
    """退回上一次用的那一版。"""

    async def work(store: Store) -> ModelInUse:
        return await (await versions_of(store)).back(SYSTEM, reason)

    _switch(work)


def _switch(work: Callable[[Store], Awaitable[ModelInUse]]) -> None:
    with plainly():
        in_use = with_store(settings_of(quiet=True), work)
        out.print(f"现用第 {in_use.version} 版；承接方的技能用 sandan remap 重新理解。", highlight=False)


def _proposed(settings: Settings, proposal: Proposal) -> ModelVersion:
    async def work(store: Store) -> ModelVersion:
        return await (await versions_of(store)).propose(SYSTEM, proposal)

    return with_store(settings, work)


def _mark(version: int, in_use: ModelInUse) -> str:
    return "现用" if version == in_use.version else ""


def show_comparison(comparison: "Comparison", catalogue: Catalogue, new: int) -> None:
    table = Table("", "条数", "首项正确", "不转人工的里面", "转人工", "紧急程度差一级以内")
    for name, asked in comparison.asked.items():
        table.add_row(f"{GROUPS[name]}：之前", str(asked), *_shares(comparison.before[name]))
        table.add_row(f"{GROUPS[name]}：之后", "", *_shares(comparison.after[name]))
    out.print(table)
    for title, changed in (("变好", comparison.better), ("变差", comparison.worse)):
        out.print(f"{title} {len(changed)} 条：", highlight=False)
        for each in changed[:10]:
            names = [catalogue.name_of(code) if code else "没听懂" for code in (each.before, each.after, each.meant)]
            out.print(f"  {each.text}\n    {names[0]} → {names[1]}（应为{names[2]}）", markup=False, highlight=False)
    _show_confusions(comparison.confusions, catalogue)
    if new < FEW:
        out.print(f"新的核对只有 {new} 条，少于 {FEW} 条：好坏多半是偶然。", highlight=False)


def _show_confusions(confusions: "Sequence[Confusion]", catalogue: Catalogue) -> None:
    table = Table("应为", "听成", "之前", "之后", "例句", title="变化最大的混淆")
    for each in confusions[:10]:
        names = catalogue.name_of(each.meant), catalogue.name_of(each.said)
        table.add_row(*names, str(each.before), str(each.after), "\n".join(each.sentences))
    if confusions:
        out.print(table)


def _shares(measure: "Measure") -> list[str]:
    parts = (measure.right, measure.right_when_sure, measure.reviewed, measure.urgency_within_one)
    return [f"{part:.1%}" for part in parts]
