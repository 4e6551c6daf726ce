"""What a run came to."""

from dataclasses import dataclass

import numpy as np

from matcher.ranking.columns import Rows, Values


@dataclass(slots=True)
class Tale:
    """What became of one need."""

    arrives: float
    urgency: int
    offers: int = 0
    accepted_at: float | None = None
    distance_km: float = 0.0
    skill: float = 0.0


def gini(counts: Values) -> float:
    """0 where all have done alike, towards 1 where one has done all; 0 where nothing was done."""
    if not len(counts) or not counts.sum():
        return 0.0
    ordered = np.sort(counts)
    places = np.arange(1, len(ordered) + 1)
    return float((2 * places - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


def measured(tales: list[Tale], orders: Values, able: Rows, left: int) -> dict[str, float]:
    """Offers of needs that nobody took count too. `orders` are those taken on by each provider of `able`, who are still active."""
    filled = [tale for tale in tales if tale.accepted_at is not None]
    urgent = [tale for tale in tales if tale.urgency >= 3]
    offers = sum(tale.offers for tale in tales)
    waits = [tale.accepted_at - tale.arrives for tale in filled if tale.accepted_at is not None]
    return {
        "needs": float(len(tales)),
        "fill": len(filled) / max(1, len(tales)),
        "fill_urgent": _share_filled(urgent),
        "offers": offers / max(1, len(filled)),
        "offers_urgent": sum(tale.offers for tale in urgent) / max(1, sum(tale.accepted_at is not None for tale in urgent)),
        "filled_per_offer": len(filled) / max(1, offers),
        "distance_km": float(np.mean([tale.distance_km for tale in filled])) if filled else 0.0,
        "skill": float(np.mean([tale.skill for tale in filled])) if filled else 0.0,
        "gini": gini(orders[able]),
        "drop_out": left / max(1, len(orders)),
        "hours_to_yes": float(np.mean(waits)) / 60 if waits else 0.0,
        "minutes_to_yes_urgent": float(
            np.mean([tale.accepted_at - tale.arrives for tale in urgent if tale.accepted_at is not None] or [0.0])
        ),
    }


def _share_filled(tales: list[Tale]) -> float:
    return sum(tale.accepted_at is not None for tale in tales) / max(1, len(tales))
