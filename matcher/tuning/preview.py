"""试算: what other weights would have done to past decisions. Pure; nothing counts before an administrator says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Values
from matcher.ranking.criteria import CRITERIA
from matcher.tuning.replay import First, Scene, first_by

# The criterion that foretells whether a provider says yes; without it past answers are counted.
ACCEPTANCE = "acceptance"
MOST_EXAMPLES = 10
# Points of the score below which a criterion is not worth a word in the sentence of an example.
TELLING_POINTS = 0.005
Answers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outlook:
    """First choices by one set of weights. `load_gini` is over all who were kept in any of the decisions; `values` are the means
    of each criterion. `expected_acceptance` None: nothing is known."""

    mean_distance_km: float | None
    load_gini: float
    expected_acceptance: float | None
    mean_load: float
    values: dict[str, float]
    uncertain: int


@dataclass(frozen=True, slots=True)
class Example:
    scene: Scene
    before: First
    after: First
    change: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Of `decisions` replayed, `changed` have another first choice. `uncertain` in an outlook counts those in which somebody who
    was not kept could have been first; `without_candidates` had nobody to rank and are left out."""

    decisions: int
    without_candidates: int
    changed: int
    before: Outlook
    after: Outlook
    acceptance_from: str
    examples: tuple[Example, ...]


def preview(scenes: Sequence[Scene], present: Values, proposed: Values, answers: Sequence[Answers]) -> Preview:
    """`answers` says for each scene who of the chosen took it on (1 or 0); who has not answered is not in it."""
    told = [(scene, answer) for scene, answer in zip(scenes, answers, strict=True) if len(scene.values)]
    some, given = [scene for scene, _ in told], [answer for _, answer in told]
    before = [first_by(scene, present) for scene in some]
    after = [first_by(scene, proposed) for scene in some]
    foretold = ACCEPTANCE in CRITERIA and any(ACCEPTANCE in scene.decision.codes for scene in some)
    changed = [at for at in range(len(some)) if before[at].row != after[at].row]
    # Those to read are the ones in which the new weights see the greatest gain.
    gains = {at: after[at].score - float(some[at].values[before[at].row] @ proposed) for at in changed}
    shown = sorted(changed, key=lambda at: -gains[at])[:MOST_EXAMPLES]
    return Preview(
        decisions=len(some),
        without_candidates=len(scenes) - len(some),
        changed=len(changed),
        before=_outlook(some, before, given, foretold),
        after=_outlook(some, after, given, foretold),
        acceptance_from=ACCEPTANCE if foretold else "outcomes",
        examples=tuple(
            Example(some[at], before[at], after[at], what_changed(some[at], before[at], after[at], present, proposed))
            for at in shown
        ),
    )


def _outlook(scenes: Sequence[Scene], firsts: Sequence[First], answers: Sequence[Answers], foretold: bool) -> Outlook:
    if not scenes:
        return Outlook(None, 0.0, None, 0.0, {}, 0)
    pairs = list(zip(scenes, firsts, strict=True))
    values = np.mean([scene.values[first.row] for scene, first in pairs], axis=0)
    distances = np.asarray([scene.distance_km[first.row] for scene, first in pairs])
    means = {code: float(value) for code, value in zip(CRITERIA, values, strict=True)}
    return Outlook(
        mean_distance_km=float(np.nanmean(distances)) if np.isfinite(distances).any() else None,
        load_gini=gini(_times_first(pairs)),
        expected_acceptance=means[ACCEPTANCE] if foretold else _accepted_share(pairs, answers),
        mean_load=float(np.mean([scene.loads[first.row] for scene, first in pairs])),
        values=means,
        uncertain=sum(not first.exact for first in firsts),
    )


def _times_first(pairs: Sequence[tuple[Scene, First]]) -> Values:
    times = dict.fromkeys((ref for scene, _ in pairs for ref in scene.decision.refs), 0)
    for scene, first in pairs:
        times[scene.decision.refs[first.row]] += 1
    return np.asarray(list(times.values()), dtype=np.float64)


def _accepted_share(pairs: Sequence[tuple[Scene, First]], answers: Sequence[Answers]) -> float | None:
    """Replay estimate (Li, Chu, Langford and Wang 2011): only decisions whose first choice was the one that was made tell."""
    told = [
        answer[scene.decision.refs[first.row]]
        for (scene, first), answer in zip(pairs, answers, strict=True)
        if scene.decision.refs[first.row] in answer
    ]
    return float(np.mean(told)) if told else None


def gini(counts: Values) -> float:
    """0: all have the same; towards 1: one has everything (Gini 1912)."""
    total = float(counts.sum())
    if not total:
        return 0.0
    ordered = np.sort(counts)
    size = len(ordered)
    return float(2 * (np.arange(1, size + 1) @ ordered) / (size * total) - (size + 1) / size)


def what_changed(scene: Scene, before: First, after: First, present: Values, proposed: Values) -> str:
    """Which criteria carried the new first above the old one, and which spoke against it."""
    gap = scene.values[after.row] - scene.values[before.row]
    points = gap * proposed
    labels = [each.label for each in CRITERIA.values()]

    def told(at: int) -> str:
        old, new = scene.values[before.row, at], scene.values[after.row, at]
        weight = (
            f"权重 {present[at]:.2f}" if abs(present[at] - proposed[at]) < 0.005 else f"权重 {present[at]:.2f}→{proposed[at]:.2f}"
        )
        return f"{labels[at]} {old:.2f}→{new:.2f}（{weight}）"

    better = [told(int(at)) for at in np.argsort(-points) if points[at] >= TELLING_POINTS]
    worse = [told(int(at)) for at in np.argsort(points) if points[at] <= -TELLING_POINTS]
    said = [f"新的第一位胜在{'、'.join(better)}"] if better else ["两位几乎同分"]
    if worse:
        said.append(f"不如在{'、'.join(worse)}")
    return "；".join(said) + "。"
