"""One seed: every policy on the same city with the same luck, and the weights learned on the way."""

from dataclasses import asdict, dataclass, field

import numpy as np

from bench.simulate.behaviour import USUAL_RATE, Behaviour
from bench.simulate.city import able_rows, make_city
from bench.simulate.clock import WEEK
from bench.simulate.learning import free_shares, hidden_shares, learned_shares
from bench.simulate.peers import oracle, peers
from bench.simulate.policies import Policy, Ranked, weights_of
from bench.simulate.run import Run

# Whoever is to share the work puts people back by so many places for each recent order.
SHARING_PLACES = 8.0


@dataclass(frozen=True, slots=True)
class Setting:
    """`learn_weeks` come first: they are logged, and not measured. `brief`: only what the comparison of rates needs."""

    seed: int
    weeks: int
    learn_weeks: int
    rate: float = USUAL_RATE
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    setting: Setting
    figures: dict[str, dict[str, float]]
    shares: dict[str, list[float]] = field(default_factory=dict)
    asked: int = 0
    said_yes: float = 0.0

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def try_out(setting: Setting) -> Trial:
    city = make_city(setting.seed, setting.weeks)
    behaviour = Behaviour(city, setting.rate)
    since = setting.learn_weeks * WEEK
    able = able_rows(city, since)
    first = Run(city, behaviour, Ranked("default"), since).play(setting.weeks)
    shares = {"free": free_shares(first.logged)}
    if not setting.brief:
        shares |= {"learned": learned_shares(first.logged), "hidden": hidden_shares(first.seen)}
    figures = {"default": first.result(since, able)}
    policies: list[Policy] = [
        Ranked(name, switch=(setting.learn_weeks, weights_of(values.tolist()))) for name, values in shares.items()
    ]
    if not setting.brief:
        weights = weights_of(shares["free"].tolist())
        policies.append(Ranked("shared", switch=(setting.learn_weeks, weights), places_an_order=SHARING_PLACES))
    others = [*peers(), oracle(behaviour)]
    policies += [each for each in others if not setting.brief or each.name in ("nearest", "oracle")]
    for policy in policies:
        figures[policy.name] = Run(city, behaviour, policy).play(setting.weeks).result(since, able)
    answers = [each.success for each in first.logged]
    return Trial(
        setting, figures, {name: values.tolist() for name, values in shares.items()}, len(answers), float(np.mean(answers))
    )
