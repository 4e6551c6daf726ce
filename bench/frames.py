"""The peer: polars over the same columns, as lazy frames. An optional extra (`sandan[bench]`): `found()` says whether it is there."""

import importlib
import importlib.util
from typing import Any

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.criteria import DECAY_KM, PRIOR_ACCEPTANCE, PRIOR_ANSWERS, PRIOR_COUNT, PRIOR_RATING
from matcher.ranking.eligibility import MIN_SKILL
from matcher.ranking.query import HEDGE, Query
from models.place import EARTH_RADIUS_KM
from models.weights import Weights


def found() -> bool:
    return importlib.util.find_spec("polars") is not None


class Frames:
    """Skill, distance, room, rating and acceptance, and the rules of area, skill and room; without text, hours and region: less work."""

    def __init__(self, columns: Columns, catalogue: Catalogue) -> None:
        self._pl: Any = importlib.import_module("polars")
        self._catalogue = catalogue
        part = columns.everyone()
        services = part.services
        order = np.argsort(services["item"], kind="stable")
        self._services = self._pl.DataFrame(
            {
                "row": services.owner[order].astype(np.uint32),
                "item": services["item"][order],
                "sure": services["confidence"][order],
            }
        ).with_columns(self._pl.col("item").set_sorted())
        names = ("lng", "lat", "reach_km", "capacity", "load", "rating_sum", "rating_count", "answered", "accepted", "active")
        frame = {"row": np.arange(columns.size, dtype=np.uint32)} | {name: np.asarray(getattr(part, name)) for name in names}
        self._people = self._pl.DataFrame(frame)

    def rank(self, query: Query, weights: Weights, limit: int) -> Any:
        pl, col = self._pl, self._pl.col
        shares = weights.criteria
        able = self._able(query)
        km = self._distance(query)
        people = (
            able.join(self._people.lazy(), on="row").filter(col("active") & (col("load") < col("capacity"))).with_columns(km=km)
        )
        score = (
            shares["skill"] * col("skill")
            + shares["location"] * (-col("km") / DECAY_KM).exp()
            + shares["capacity"] * (col("capacity") - col("load")) / col("capacity")
            + shares["rating"] * (col("rating_sum") + PRIOR_COUNT * PRIOR_RATING) / (col("rating_count") + PRIOR_COUNT)
            + shares["acceptance"] * (col("accepted") + PRIOR_ANSWERS * PRIOR_ACCEPTANCE) / (col("answered") + PRIOR_ANSWERS)
        )
        best = people.filter(col("km") <= col("reach_km")).select("row", "km", score=score)
        return best.top_k(limit, by="score").collect(engine="in-memory" if hasattr(pl, "QueryOptFlags") else "auto")

    def _able(self, query: Query) -> Any:
        """Row and skill of whom the rule about skill lets pass."""
        pl, col = self._pl, self._pl.col
        hedged = [service.confidence**HEDGE for service in query.services]
        reaches = []
        for service, part in zip(query.services, hedged, strict=True):
            credit = self._catalogue.credit[self._catalogue.position[service.code]]
            items = pl.DataFrame(
                {
                    "item": np.flatnonzero(credit).astype(np.uint8),
                    "worth": credit[credit > 0].astype(np.float64) * part / sum(hedged),
                }
            )
            worth = self._services.lazy().join(items.lazy(), on="item").select("row", reach=col("sure") * col("worth"))
            reaches.append(worth.group_by("row").agg(col("reach").max()))
        skill = (
            pl.concat(reaches).group_by("row").agg(skill=col("reach").sum())
            if len(reaches) > 1
            else reaches[0].rename({"reach": "skill"})
        )
        return skill.filter(col("skill") >= MIN_SKILL)

    def _distance(self, query: Query) -> Any:
        pl, col = self._pl, self._pl.col
        assert query.point is not None
        lng, lat = col("lng").radians(), col("lat").radians()
        lng0, lat0 = np.radians(query.point.lng), np.radians(query.point.lat)
        half = ((lat - lat0) / 2).sin() ** 2 + lat.cos() * np.cos(lat0) * ((lng - lng0) / 2).sin() ** 2
        return 2 * EARTH_RADIUS_KM * pl.min_horizontal(half, 1.0).sqrt().arcsin()
