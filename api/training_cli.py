"""`sandan train`: our own model, a city's own, and what can be known of either before it is used."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal import out, plainly, say, settings_of
from models.errors import InvalidInputError


def train(
    output: Annotated[Path | None, typer.Option(help="模型写到哪里；默认写进数据目录，从下次启动起代替自带的模型。")] = None,
    labelled: Annotated[
        Path | None, typer.Option(help="本市自己的有标注文本（CSV，UTF-8 或 GB18030，可以已经分词）；默认用自带的语料。")
    ] = None,
    catalogue: Annotated[
        Path | None, typer.Option(help="本市的事项清单：TOML（同 seed/catalogue）或有代码、名称两列的 CSV；默认用文本里的标签。")
    ] = None,
    text_column: Annotated[str | None, typer.Option(help="文本在哪一列；默认按常见列名找。")] = None,
    label_column: Annotated[str | None, typer.Option(help="标签在哪一列；默认按常见列名找。")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="只衡量：每项多少句话，没见过的人的话能听对多少。")] = False,
    confusions: Annotated[int | None, typer.Option(min=1, max=500, help="只衡量：最容易混的 N 对事项，附例句。")] = None,
    agreement: Annotated[Path | None, typer.Option(help="只衡量：第二人盲标的文件与语料一致到什么程度。")] = None,
    blind: Annotated[Path | None, typer.Option(help="只写出：供第二人盲标的十分之一语料，不带标签。")] = None,
    report: Annotated[Path | None, typer.Option(help="报告写成 JSON，旁边再写一份 Markdown。")] = None,
) -> None:
    """训练理解模型，或只衡量它；同样的文本得到同样的模型。"""
    from api import training  # brings scikit-learn, which no other command needs

    with plainly():
        settings = settings_of(quiet=True)
        if catalogue and not labelled:
            raise InvalidInputError("--catalogue 要和 --labelled 一起用")
        if blind or agreement:
            if labelled:
                raise InvalidInputError("--blind 和 --agreement 只用于自带的语料")
            if blind:
                out.print(f"写出 {training.write_blind(blind)} 条到 {blind}", highlight=False)
            if agreement:
                training.show_agreement(out, agreement, report)
            return
        city = training.city_source(labelled, catalogue, text_column, label_column) if labelled else None
        source = city or training.shipped_source()
        if curve or confusions:
            training.show_measures(out, source, curve=curve, confusions=confusions, report=report, say=say)
            return
        if city:
            training.show_measures(out, city, curve=False, confusions=None, report=report, say=say)
        model = source.train(say)
        path = output or settings.data_dir / "model.npz"
        model.save(path)
        out.print(f"模型 {model.version} 已写入 {path}；把握低于 {model.review_below:.2f} 的需求转人工核对。", highlight=False)
        if city and not catalogue:
            beside = path.with_suffix(".catalogue.csv")
            training.write_catalogue(city.catalogue.items, beside)
            out.print(f"标签已写成事项清单 {beside}，启动服务时用 SANDAN_CATALOGUE 指明。", highlight=False, soft_wrap=True)
