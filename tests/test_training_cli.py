"""`sandan train` on a city's own texts: from a CSV to a service that understands with them."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from api.assembly import base_items, make_understander
from api.settings import Settings
from api.training import city_source, show_measures, write_catalogue
from matcher.catalogue import Catalogue
from matcher.understanding.model import ModelError
from matcher.understanding.understander import Stated
from seed.sources import catalogue_items
from tests.make import AT
from tests.processes import sandan

KINDS = {
    "供水": ("自来水没有水", "水管爆了漏水", "水压太小"),
    "教育": ("孩子上学报名", "学校食堂太贵", "老师补课收费"),
    "交通": ("公交车等太久", "路口堵车", "红绿灯坏了"),
}
STREETS = "一二三四五六七八"


def history(folder: Path) -> Path:
    path = folder / "texts.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        rows = [
            (f"{street}街的{text}，请管一管", label) for label, texts in KINDS.items() for text in texts for street in STREETS
        ]
        csv.writer(file).writerows([("内容", "一级标签"), *rows])
    return path


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the city's own model and its catalogue; of our own sentences for urgency only a few, to save time."""
    folder = tmp_path_factory.mktemp("city")
    source = city_source(history(folder), None, None, None)
    source = replace(source, only_urgency=source.only_urgency[::15], strengths=(1.0,))
    show_measures(Console(quiet=True), source, curve=False, confusions=None, report=folder / "report.json", say=str)
    source.train().save(folder / "model.npz")
    write_catalogue(source.catalogue.items, folder / "model.catalogue.csv")
    return folder


def test_a_citys_texts_become_a_model_that_serves_with_its_catalogue(city: Path) -> None:
    settings = Settings(data_dir=city, catalogue=city / "model.catalogue.csv")
    catalogue = Catalogue(base_items(settings))
    assert sorted(catalogue.codes) == sorted(KINDS)
    understander = make_understander(catalogue, city)
    for text, label in (("三街水管漏水", "供水"), ("学校老师", "教育"), ("堵车", "交通")):
        assert understander.understand(text, Stated(), AT).services[0].code == label
    danger = understander.understand("水管爆了，老人倒在水里昏迷不醒，快救命", Stated(), AT)
    trifle = understander.understand("想问问公交卡在哪里办", Stated(), AT)
    assert danger.urgency >= 3 > trifle.urgency, "urgency is learned from our own sentences"


def test_the_report_is_kept_as_json_and_markdown(city: Path) -> None:
    report = json.loads((city / "report.json").read_text(encoding="utf-8"))["report"]
    assert report["folds"] == 5
    assert report["texts"] == 72
    assert {each["label"] for each in report["labels"]} == set(KINDS)
    assert "宏平均 F1" in (city / "report.md").read_text(encoding="utf-8")


def test_a_model_of_another_city_is_refused_at_start(city: Path) -> None:
    with pytest.raises(ModelError, match="模型不认识事项清单里的任何一项"):
        make_understander(Catalogue(catalogue_items()), city)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("text,label\n漏水,\n", "第 2 行：“label”是空的"),
        ("text,label\n漏水,供水\n", "只有一个标签"),
        ("text,label\n漏水,供水\n上学,教育\n", "不足 5 条"),
    ],
)
def test_texts_that_cannot_be_learned_from_are_told_and_nothing_is_written(tmp_path: Path, rows: str, told: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(rows, encoding="utf-8")
    done = sandan(tmp_path, "train", "--labelled", str(path))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "model.npz").exists()


def test_the_second_reader_gets_texts_without_labels_and_is_compared(tmp_path: Path) -> None:
    blind, second = tmp_path / "blind.tsv", tmp_path / "second.tsv"
    assert sandan(tmp_path, "train", "--blind", str(blind)).returncode == 0
    lines = [line.split("\t") for line in blind.read_text(encoding="utf-8").splitlines()]
    assert {len(line) for line in lines} == {2}
    second.write_text("".join(f"{id}\tplumbing\t\t2\n" for id, _ in lines), encoding="utf-8")
    done = sandan(tmp_path, "train", "--agreement", str(second))
    assert done.returncode == 0, done.stderr
    assert "Cohen κ" in done.stdout
