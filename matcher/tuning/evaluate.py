"""How good is it: a labelled sample of needs and candidates, ranked through the same code as the service, all at one place.

P@5 divides by five; nDCG@10 (Järvelin and Kekäläinen 2002, binary gain) has as ideal as many as are relevant; MRR looks at the whole list.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from pathlib import Path
from typing import Any

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.query import make_query
from matcher.ranking.ranker import rank
from matcher.understanding.understander import Stated, Understander
from models.errors import InvalidInputError
from models.organisation import Organisation
from models.place import Region, Regions
from models.provider import Contact, Provider
from models.social_worker import SocialWorker
from models.vocabulary import Credential, OrganisationType, ProviderKind, RegionLevel
from models.volunteer import Volunteer
from models.weights import Weights

PLACE = "000000000000"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over `needs` needs; the shares are of needs."""

    needs: int
    precision_at_5: float
    ndcg_at_10: float
    mrr: float
    urgency_exact: float
    urgency_within_one: float
    people_right: float
    understated_dangers: int
    dangers: int
    reviewed: float


@dataclass(frozen=True, slots=True)
class _Outcome:
    hits: tuple[bool, ...]
    relevant: int
    urgency: int
    said_urgency: int
    people: int
    said_people: int
    reviewed: bool
    hard: bool


def evaluate(
    folder: Path, understander: Understander, catalogue: Catalogue, weights: Weights, at: datetime
) -> dict[str, Measured]:
    """Reads `needs*.jsonl` and `candidates*.jsonl` of the folder; gives the measures overall and for the hard needs."""
    needs, candidates = _read(folder, "needs"), _read(folder, "candidates")
    regions = Regions([Region(PLACE, "", RegionLevel.COMMUNITY, None, None, False)])
    columns = Columns(catalogue, regions)
    for row in candidates:
        columns.put(understander.mapped(_provider(row, at)))
    types = {row["id"]: set(row["types"]) for row in candidates}
    outcomes = []
    for need in needs:
        understood = understander.understand(need["text"], Stated(), at)
        query = make_query(
            catalogue, regions, at=at, region=PLACE, point=None, services=understood.services, terms=understood.terms
        )
        ranked = [candidate.ref.id for candidate in rank(query, columns, catalogue, weights, len(columns)).candidates]
        wanted = {need["type"], *_listed(need.get("also_ok"))}
        outcomes.append(
            _Outcome(
                hits=tuple(bool(types[id] & wanted) for id in ranked),
                relevant=sum(bool(each & wanted) for each in types.values()),
                urgency=need["urgency"],
                said_urgency=understood.urgency,
                people=need["people"],
                said_people=understood.people,
                reviewed=understood.needs_review,
                hard=bool(need.get("hard")),
            )
        )
    return {"overall": _measured(outcomes), "hard": _measured([each for each in outcomes if each.hard])}


def _read(folder: Path, name: str) -> list[Row]:
    paths = sorted(folder.glob(f"{name}*.jsonl"))
    if not paths:
        raise InvalidInputError(f"{folder} 里没有 {name}*.jsonl")
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _listed(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or []


def _provider(row: Row, at: datetime) -> Provider:
    shared: dict[str, Any] = {
        "id": row["id"],
        "kind": ProviderKind(row["kind"]),
        "name": row["name"],
        "skills": tuple(row["skills"]),
        "bio": row["bio"],
        "region": PLACE,
        "point": None,
        "capacity": 3,
        "availability": (),
        "contact": Contact(),
        "created_at": at,
        "changed_at": at,
    }
    if row["kind"] == ProviderKind.VOLUNTEER:
        return Volunteer(**shared)
    if row["kind"] == ProviderKind.SOCIAL_WORKER:
        return SocialWorker(credential=Credential.INTERMEDIATE, **shared)
    return Organisation(type=OrganisationType.SOCIAL_ORGANISATION, **shared)


def _measured(outcomes: Sequence[_Outcome]) -> Measured:
    count = max(1, len(outcomes))
    dangers = [each for each in outcomes if each.urgency == 4]
    return Measured(
        needs=len(outcomes),
        precision_at_5=sum(sum(each.hits[:5]) / 5 for each in outcomes) / count,
        ndcg_at_10=sum(_ndcg(each) for each in outcomes) / count,
        mrr=sum(next((1 / place for place, hit in enumerate(each.hits, 1) if hit), 0.0) for each in outcomes) / count,
        urgency_exact=sum(each.urgency == each.said_urgency for each in outcomes) / count,
        urgency_within_one=sum(abs(each.urgency - each.said_urgency) <= 1 for each in outcomes) / count,
        people_right=sum((each.people > 1) == (each.said_people > 1) for each in outcomes) / count,
        understated_dangers=sum(each.said_urgency < 3 for each in dangers),
        dangers=len(dangers),
        reviewed=sum(each.reviewed for each in outcomes) / count,
    )


def _ndcg(outcome: _Outcome) -> float:
    gained = sum(1 / log2(place + 1) for place, hit in enumerate(outcome.hits[:10], 1) if hit)
    ideal = sum(1 / log2(place + 1) for place in range(1, min(10, outcome.relevant) + 1))
    return gained / ideal if ideal else 0.0
