"""The peer: the same rules and the same score as a MongoDB aggregation over the provider collections, without our columns."""

from typing import Any

from matcher.catalogue import Catalogue
from matcher.ranking.columns import REACH_KM
from matcher.ranking.criteria import (
    DECAY_KM,
    DISTANCE_PART,
    PRIOR_ACCEPTANCE,
    PRIOR_ANSWERS,
    PRIOR_COUNT,
    PRIOR_RATING,
    SHARED_REGION,
    UNKNOWN,
)
from matcher.ranking.eligibility import MIN_SKILL
from matcher.ranking.query import ENOUGH_SAID, HEDGE, Query
from models.place import EARTH_RADIUS_KM, ancestry
from models.store import Store
from models.weights import Weights
from models.workload import half_lives

Expression = dict[str, Any]


def pipeline(query: Query, catalogue: Catalogue, weights: Weights, limit: int) -> list[Expression]:
    """For a need without a window, of a resident whom nobody served before: filter, score, sort, cut; across the three collections."""
    rules: Expression = {"active": True, "$expr": {"$lt": ["$load", "$capacity"]}}
    stages: list[Expression] = [
        {"$match": rules},
        {"$unionWith": {"coll": "social_workers", "pipeline": [{"$match": rules}]}},
        {"$unionWith": {"coll": "organisations", "pipeline": [{"$match": rules}]}},
        {"$set": {"skill": _skill(query, catalogue), "km": _distance(query)}},
        {"$match": {"skill": {"$gte": MIN_SKILL}, "$expr": _in_area(query)}},
        {"$set": {"score": _score(query, weights)}},
        {"$sort": {"score": -1, "km": 1, "_id": 1}},
        {"$limit": limit},
        {"$project": {"name": 1, "kind": 1, "score": 1, "km": 1}},
    ]
    return stages


async def aggregate(store: Store, query: Query, catalogue: Catalogue, weights: Weights, limit: int) -> list[Expression]:
    cursor = await store.database["volunteers"].aggregate(pipeline(query, catalogue, weights, limit), allowDiskUse=False)
    return [document async for document in cursor]


def _skill(query: Query, catalogue: Catalogue) -> Expression:
    hedged = [service.confidence**HEDGE for service in query.services]
    parts = []
    for service, part in zip(query.services, hedged, strict=True):
        row = catalogue.credit[catalogue.position[service.code]]
        credits = {code: float(row[place]) for place, code in enumerate(catalogue.codes) if row[place] > 0}
        branches = [{"case": {"$eq": ["$$this.code", code]}, "then": value} for code, value in credits.items()]
        worth = {"$multiply": ["$$this.confidence", {"$switch": {"branches": branches, "default": 0}}]}
        best = {"$max": {"$map": {"input": "$services", "in": worth}}}
        parts.append({"$multiply": [part / sum(hedged), {"$ifNull": [best, 0]}]})
    return {"$add": parts}


def _text(query: Query) -> Expression:
    whole = ENOUGH_SAID * sum(term.weight**2 for term in query.terms) ** 0.5
    if not whole:
        return {"$literal": 0}
    weights = {"branches": [{"case": {"$eq": ["$$this.word", term.word]}, "then": term.weight} for term in query.terms]}
    both = {"$min": ["$$this.weight", {"$switch": {**weights, "default": 0}}]}
    covered = {"$sum": {"$map": {"input": {"$ifNull": ["$terms", []]}, "in": {"$pow": [both, 2]}}}}
    return {"$min": [1, {"$divide": [{"$sqrt": covered}, whole]}]}


def _balance(query: Query) -> Expression:
    recent = {"$multiply": [{"$ifNull": ["$recent_work", 0]}, 2 ** -half_lives(query.at)]}
    return {"$divide": ["$capacity", {"$add": ["$capacity", recent]}]}


def _drawn(total: str, count: str, prior: float, prior_count: float) -> Expression:
    return {"$divide": [{"$add": [total, prior_count * prior]}, {"$add": [count, prior_count]}]}


def _distance(query: Query) -> Expression:
    assert query.point is not None
    lat, lng = {"$degreesToRadians": "$point.lat"}, {"$degreesToRadians": "$point.lng"}
    lat0, lng0 = {"$degreesToRadians": query.point.lat}, {"$degreesToRadians": query.point.lng}

    def squared_half_sine(first: Expression, second: Expression) -> Expression:
        return {"$pow": [{"$sin": {"$divide": [{"$subtract": [first, second]}, 2]}}, 2]}

    across = {"$multiply": [{"$cos": lat}, {"$cos": lat0}, squared_half_sine(lng, lng0)]}
    half = {"$add": [squared_half_sine(lat, lat0), across]}
    return {"$multiply": [2 * EARTH_RADIUS_KM, {"$asin": {"$sqrt": half}}]}


def _in_area(query: Query) -> Expression:
    reach = {
        "$switch": {"branches": [{"case": {"$eq": ["$kind", kind]}, "then": km} for kind, km in REACH_KM.items()], "default": 0}
    }
    serves = {"$gt": [{"$size": {"$setIntersection": [{"$ifNull": ["$service_regions", []]}, ancestry(query.region)]}}, 0]}
    named = {"$gt": [{"$size": {"$ifNull": ["$service_regions", []]}}, 0]}
    near = {"$or": [{"$lte": ["$km", reach]}, _same(query, 9)]}
    return {"$cond": [named, serves, near]}


def _same(query: Query, digits: int) -> Expression:
    return {"$eq": [{"$substrCP": ["$region", 0, digits]}, query.region[:digits] if len(query.region) >= digits else "-"]}


def _score(query: Query, weights: Weights) -> Expression:
    belonging = {
        "$switch": {
            "branches": [
                {"case": _same(query, digits), "then": value} for digits, value in sorted(SHARED_REGION.items(), reverse=True)
            ],
            "default": 0,
        }
    }
    location = {
        "$add": [
            {"$multiply": [DISTANCE_PART, {"$exp": {"$divide": ["$km", -DECAY_KM]}}]},
            {"$multiply": [1 - DISTANCE_PART, belonging]},
        ]
    }
    values: dict[str, Any] = {
        "skill": "$skill",
        "location": location,
        "capacity": {"$divide": [{"$subtract": ["$capacity", "$load"]}, "$capacity"]},
        "availability": UNKNOWN,
        "text": _text(query),
        "rating": _drawn("$rating_sum", "$rating_count", PRIOR_RATING, PRIOR_COUNT),
        "acceptance": _drawn("$accepted_count", "$answered", PRIOR_ACCEPTANCE, PRIOR_ANSWERS),
        "balance": _balance(query),
        "continuity": UNKNOWN,
        "party_member": {"$cond": [{"$eq": ["$party_member", True]}, 1, 0]},
    }
    shares = weights.shares(tuple(values))
    return {"$add": [{"$multiply": [shares[code], value]} for code, value in values.items()]}
