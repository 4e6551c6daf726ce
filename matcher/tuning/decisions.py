"""What the ranking saw at an offer, kept in the transaction of the offer: a later trial of other weights stands on it."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from matcher.dispatch.context import Context, served_before, weights_for
from matcher.dispatch.ports import UnitPort
from matcher.ranking.columns import Mask, Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import sift
from matcher.ranking.query import View, query_of
from matcher.ranking.ranker import eligible_rows, score_rows
from models.decision import Decision
from models.need import Need
from models.order import Order
from models.weights import Weights

KEPT_BEST = 30
KEPT_BY_CRITERION = 5
STEPS = 10_000
FURTHEST_METRES = 2**31 - 1
HEAVIEST = 2**16 - 1


async def keep_decision(context: Context, unit: UnitPort, need: Need, *orders: Order) -> None:
    """One decision for the orders of a need that are offered in this transaction. `need` is as it was before them.

    Costs the scoring of everyone eligible. A provider whom the columns do not know yet is named without values.
    """
    weights = await weights_for(context, unit, need.region, need.understanding.services)
    new = {order.id for order in orders}
    asked = tuple(order.provider.ref for order in await unit.orders.of_need(need.id) if order.id not in new)
    known = await served_before(unit, need)
    query = query_of(need, context.catalogue, context.regions, asked, at=orders[0].offered_at, known=known)
    offered_to = context.columns.rows_of(order.provider.ref for order in orders)
    rows = np.union1d(eligible_rows(query, context.columns, context.catalogue), offered_to)
    view = View(query, context.columns, context.catalogue, rows)
    await unit.decisions.add(decision_of(context, view, weights, need, orders))


def decision_of(context: Context, view: View, weights: Weights, need: Need, orders: Sequence[Order]) -> Decision:
    at = orders[0].offered_at
    chosen = [order.provider.ref for order in orders]
    rows = _eligible(view, view.columns.rows_of(tuple(chosen)))
    codes = tuple(CRITERIA)
    shares = np.asarray([weights.shares(codes)[code] for code in codes])
    values = np.column_stack([np.round(CRITERIA[code].measure(view, rows) * STEPS) for code in codes]) / STEPS
    score = values @ shares
    best = [each.row for each in score_rows(view, rows, weights, KEPT_BEST)]
    of_chosen = [int(found[0]) if len(found := view.columns.rows_of((ref,))) else -1 for ref in chosen]
    is_kept = _kept(rows, values, score, [*best, *(row for row in of_chosen if row >= 0)])
    kept, left = np.flatnonzero(is_kept), ~is_kept
    metres = np.nan_to_num(view.distance_km()[rows[kept]] * 1000, nan=-1.0)
    return Decision(
        id=context.store.new_id(),
        need_id=need.id,
        order_ids=tuple(order.id for order in orders),
        at=at,
        expires_at=at + timedelta(days=context.decision_days),
        region=need.region,
        group=context.catalogue.group_of(need.understanding.services),
        urgency=need.urgency,
        profile=weights.name,
        version=weights.version,
        codes=codes,
        shares=tuple(shares.tolist()),
        eligible=len(rows),
        refs=tuple(str(view.columns.ref_at(row)) for row in rows[kept]),
        values=np.round(values[kept] * STEPS).astype("<u2").tobytes(),
        distances=np.clip(np.round(metres), -1, FURTHEST_METRES).astype("<i4").tobytes(),
        loads=np.clip(view.columns.load[rows[kept]], 0, HEAVIEST).astype("<u2").tobytes(),
        floor=float(score[left].max(initial=0.0)),
        caps=tuple(values[left].max(axis=0, initial=0.0).tolist()),
        chosen=tuple(str(ref) for ref in chosen),
        places=tuple(_place(row, rows, score, best) for row in of_chosen),
    )


def _eligible(view: View, chosen: Rows) -> Rows:
    """In rising order. Those whom the database allowed count as eligible, also where the columns are behind."""
    mask = np.zeros(view.size, dtype=np.bool_)
    mask[sift(view)[0]] = True
    mask[chosen] = True
    return np.flatnonzero(mask)


def _kept(rows: Rows, values: Values, score: Values, wanted: list[int]) -> Mask:
    """Those wanted, and the best by each single criterion, of equals the better by the weights. `rows` rise."""
    mask = np.zeros(len(rows), dtype=np.bool_)
    mask[np.searchsorted(rows, wanted)] = True
    few = min(KEPT_BY_CRITERION, len(rows))
    for worth in values.T if few else ():
        mask[np.argpartition(-(worth * STEPS + 0.999 * score), few - 1)[:few]] = True
    return mask


def _place(row: int, rows: Rows, score: Values, best: list[int]) -> int:
    """The rank of a row, from 1; 0 for one that is not there."""
    if row in best:
        return best.index(row) + 1
    found = np.flatnonzero(rows == row)
    return 1 + max(len(best), int(np.count_nonzero(score > score[found[0]]))) if len(found) else 0
