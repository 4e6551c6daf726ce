"""How evenly work is spread over people: how many took on how much, and one number for it. No names."""

from collections.abc import Mapping
from dataclasses import dataclass

# From so many orders on; the last has no upper end.
STEPS = (0, 1, 2, 3, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Spread:
    """`most` is what the busiest took; `gini` and `mean` are null where there is nobody, `gini` also where nobody took anything."""

    people: int
    idle: int
    orders: int
    most: int
    mean: float | None
    gini: float | None
    bins: tuple[int, ...]


def spread_of(taken: Mapping[int, int]) -> Spread:
    """`taken`: {orders: people}."""
    people = sum(taken.values())
    orders = sum(number * count for number, count in taken.items())
    return Spread(
        people=people,
        idle=taken.get(0, 0),
        orders=orders,
        most=max((number for number, count in taken.items() if count), default=0),
        mean=round(orders / people, 2) if people else None,
        gini=gini(taken),
        bins=tuple(
            sum(count for number, count in taken.items() if start <= number and (end is None or number < end))
            for start, end in zip(STEPS, (*STEPS[1:], None), strict=True)
        ),
    )


def gini(taken: Mapping[int, int]) -> float | None:
    """0: all took the same; towards 1: one took all. 2 Σ i x_i / (n Σ x_i) - (n + 1) / n over x ascending, i from 1 (C. Gini, 1912)."""
    people = sum(taken.values())
    orders = sum(number * count for number, count in taken.items())
    if not orders:
        return None
    before, weighted = 0, 0.0
    for number, count in sorted(taken.items()):
        weighted += number * (count * before + count * (count + 1) / 2)
        before += count
    return round(2 * weighted / (people * orders) - (people + 1) / people, 2)


def bin_label(place: int) -> str:
    start = STEPS[place]
    if place == len(STEPS) - 1:
        return f"{start} 单及以上"
    last = STEPS[place + 1] - 1
    return f"{start} 单" if last == start else f"{start}–{last} 单"
