"""What the seeds say together: means with 95 % intervals over seeds, beside the goals. Everything here is simulated."""

from collections.abc import Callable, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import t

from bench.simulate.trial import Trial
from matcher.ranking.criteria import CRITERIA

LABELS = {
    "default": "三单，默认权重",
    "learned": "三单，学到的权重（技能保底）",
    "free": "三单，学到的权重（不设保底）",
    "shared": "三单，同上，近期每接一单后移八位",
    "hidden": "三单，隐藏行为自己的权重",
    "oracle": "神谕：知道每人的真实概率",
    "nearest": "最近优先，逐个问",
    "nearest_batches": "最近优先，用三单的节奏",
    "random": "随机，逐个问",
    "round_robin": "轮流，逐个问",
    "broadcast": "全部群发",
}
SHOWN: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("fill", "按时有人接", lambda value: f"{value:.1%}"),
    ("offers", "每接成一单派", lambda value: f"{value:.2f}"),
    ("offers_urgent", "其中紧急", lambda value: f"{value:.2f}"),
    ("gini", "负担基尼", lambda value: f"{value:.3f}"),
    ("drop_out", "退出", lambda value: f"{value:.1%}"),
    ("distance_km", "公里", lambda value: f"{value:.2f}"),
    ("skill", "技能匹配", lambda value: f"{value:.2f}"),
    ("hours_to_yes", "小时到接单", lambda value: f"{value:.1f}"),
)


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean and the 95 % t-interval; the mean thrice for a single seed."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, mean, mean
    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half


def summary(trials: Sequence[Trial]) -> dict[str, dict[str, tuple[float, float, float]]]:
    names = trials[0].figures
    return {
        name: {key: interval([trial.figures[name][key] for trial in trials]) for key in trials[0].figures[name]} for name in names
    }


def ratios(trials: Sequence[Trial]) -> dict[str, tuple[float, float, float]]:
    """What the goals speak of, seed by seed."""

    def beside(name: str, key: str, other: str) -> list[tuple[float, float]]:
        return [(trial.figures[name][key], trial.figures[other][key]) for trial in trials]

    found = {}
    for name in [name for name in ("default", "learned", "free", "shared") if name in trials[0].figures]:
        found[f"gini_below_nearest.{name}"] = interval([1 - own / other for own, other in beside(name, "gini", "nearest")])
        found[f"fill_minus_nearest.{name}"] = interval([own - other for own, other in beside(name, "fill", "nearest")])
        if "hidden" in trials[0].figures:
            pairs = beside(name, "filled_per_offer", "hidden")
            found[f"recovered.{name}"] = interval([own / other for own, other in pairs])
    return found


def policy_table(trials: Sequence[Trial]) -> Table:
    setting = trials[0].setting
    table = Table(
        "方式",
        *(label for _, label, _ in SHOWN),
        title=f"模拟：{len(trials)} 个种子 × {setting.weeks} 周（前 {setting.learn_weeks} 周只用来学习），"
        f"未受打扰者平均愿接率 {setting.rate:.0%}；均值与 95% 区间",
    )
    figures = summary(trials)
    for name in [name for name in LABELS if name in figures]:
        cells = [_cell(figures[name][key], show) for key, _, show in SHOWN]
        table.add_row(LABELS[name], *cells)
    return table


def _cell(value: tuple[float, float, float], show: Callable[[float], str]) -> str:
    mean, low, high = value
    return f"{show(mean)}\n{show(low)}–{show(high)}"


def ratio_table(trials: Sequence[Trial]) -> Table:
    table = Table("模拟", "均值", "95% 区间", title="与目标有关的比值")
    words = {
        "gini_below_nearest": "负担基尼比最近优先低（目标 30%）",
        "fill_minus_nearest": "按时有人接，比最近优先多（百分点）",
        "recovered": "每次派单接成数，占隐藏行为自己的权重（目标 95%）",
    }
    for key, (mean, low, high) in ratios(trials).items():
        measure, _, name = key.partition(".")
        table.add_row(f"{words[measure]}：{LABELS[name]}", f"{mean:.1%}", f"{low:.1%} – {high:.1%}")
    return table


def weights_table(trials: Sequence[Trial]) -> Table:
    names = list(trials[0].shares)
    table = Table("权重（种子均值）", *(LABELS[name] for name in names), title="模拟：学到的权重")
    for at, each in enumerate(CRITERIA.values()):
        table.add_row(each.label, *(f"{np.mean([trial.shares[name][at] for trial in trials]):.3f}" for name in names))
    return table


def show(console: Console, main: Sequence[Trial], rates: Sequence[Sequence[Trial]]) -> None:
    console.print(policy_table(main), ratio_table(main), weights_table(main), *(policy_table(each) for each in rates))
