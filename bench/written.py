"""What a bench measured, as a table in Markdown and, where matplotlib is installed (the extra `bench`), as a plot."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write_table(name: str, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]) -> str:
    lines = [f"# {title}", "", _line(header), _line(["---"] * len(header)), *(_line(row) for row in rows), ""]
    text = "\n".join([*lines, *(f"- {note}" for note in notes), ""])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    return text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def plot(name: str, title: str, across: str, along: str, lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> bool:
    """Both axes logarithmic, as PNG and SVG; False where matplotlib is not installed. Labels are English: its fonts have no Chinese."""
    try:
        pyplot: Any = importlib.import_module("matplotlib.pyplot")
    except ImportError:
        return False
    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for label, (x, y) in lines.items():
        axes.plot(x, y, marker="o", label=label)
    axes.set(xscale="log", yscale="log", title=title, xlabel=across, ylabel=along)
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    for suffix in ("png", "svg"):
        figure.savefig(RESULTS / f"{name}.{suffix}", dpi=110, metadata={"Date": None} if suffix == "svg" else None)
    pyplot.close(figure)
    return True
