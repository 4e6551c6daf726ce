"""Plans as answers."""

from api.views.shared import View
from matcher.dispatch.context import Context
from models.plan import PLAN_STATUS_LABELS, UNMET_LABELS, Plan


def plan_line_view(plan: Plan, context: Context) -> View:
    worth = plan.worth
    return {
        "id": plan.id,
        "region": plan.region,
        "region_name": context.regions.full_name(plan.region),
        "status": plan.status,
        "status_label": PLAN_STATUS_LABELS[plan.status],
        "needs": plan.needs,
        "unreviewed": plan.unreviewed,
        "offered": len(plan.offers),
        "unmet_places": sum(each.places for each in plan.unmet),
        "worth": {
            "total": worth.total,
            "bound": worth.bound,
            "gap": round(worth.gap, 6),
            "greedy": worth.greedy,
            "first_come": worth.first_come,
        },
        "summary": said(plan),
        "weights": plan.weights,
        "proposed_at": plan.proposed_at,
        "proposed_by": plan.proposed_by,
        "changed_at": plan.changed_at,
    }


def plan_view(plan: Plan, context: Context) -> View:
    offers = [
        {
            "need": each.need_id,
            "provider": {"kind": each.provider.kind, "id": each.provider.id, "name": each.provider.name},
            "score": each.score,
            "distance_km": each.distance_km,
            "order": each.order_id,
            "refused": each.refused,
        }
        for each in plan.offers
    ]
    unmet = [
        {
            "need": each.need_id,
            "places": each.places,
            "why": each.why,
            "why_label": UNMET_LABELS[each.why],
            "eligible": each.eligible,
            "excluded": dict(each.excluded),
        }
        for each in plan.unmet
    ]
    return {**plan_line_view(plan, context), "offers": offers, "unmet": unmet}


def said(plan: Plan) -> str:
    """The plan in one sentence."""
    lacking = sum(each.places for each in plan.unmet)
    rest = f"，还缺 {lacking} 人" if lacking else ""
    unread = f"；另有 {plan.unreviewed} 条还没核对，没有列入" if plan.unreviewed else ""
    return f"{plan.needs} 条需求，派出 {len(plan.offers)} 单{rest}{unread}。{_mean(plan)}"


def _mean(plan: Plan) -> str:
    """How good it is, in the points that each candidate is shown with."""
    worth = plan.worth
    if not plan.offers:
        return ""
    others = [("逐条挑最合适的", worth.greedy), ("先来先派", worth.first_come)]
    better = [f"比{way}高 {worth.total / other - 1:.1%}" for way, other in others if other and worth.total - other > 5e-4 * other]
    proof = "没有更合适的派法" if worth.gap < 1e-6 else f"离最合适的派法最多差 {worth.gap:.2%}"
    return f"平均每单 {worth.total / len(plan.offers) * 100:.0f} 分，{'，'.join([*better, proof])}。"
