"""Statistics as answers."""

from api.views.shared import View
from matcher.dispatch.context import Context
from matcher.ranking.eligibility import RULES
from matcher.statistics.figures import values
from matcher.statistics.reporting import Gaps, LoadReport, Rates, Scope
from matcher.statistics.rows import NOT_UNDERSTOOD
from matcher.statistics.spread import STEPS, Spread, bin_label
from models.statistics import Gap
from models.vocabulary import label

EVERYWHERE = "全部辖区"


def scope_view(scope: Scope, context: Context) -> View:
    return {
        "region": scope.region,
        "region_name": context.regions.full_name(scope.region) if scope.region else EVERYWHERE,
        "from": scope.period.from_on,
        "to": scope.period.to_on,
    }


def rates_view(rates: Rates, context: Context) -> View:
    return {
        **scope_view(rates.scope, context),
        "by": rates.by,
        "rows": [{"key": row.key, "label": row.label, **values(row.sums)} for row in rates.rows],
        "total": values(rates.total),
    }


def gaps_view(gaps: Gaps, context: Context) -> View:
    return {**scope_view(gaps.scope, context), "by": gaps.by, "rows": [_gap(gap, context) for gap in gaps.gaps]}


def loads_view(report: LoadReport, context: Context) -> View:
    return {
        **scope_view(report.scope, context),
        "bins": [bin_label(place) for place in range(len(STEPS))],
        "kinds": [{"kind": kind, "kind_label": label(kind), **_spread(spread)} for kind, spread in report.kinds.items()],
        "total": _spread(report.all),
    }


def _gap(gap: Gap, context: Context) -> View:
    return {
        "service": gap.service,
        "service_name": context.catalogue.name_of(gap.service) if gap.service else NOT_UNDERSTOOD,
        "region": gap.region,
        "region_name": context.regions.full_name(gap.region),
        "needs": gap.needs,
        "unmatched": gap.unmatched,
        "excluded": dict(gap.excluded),
        "excluded_labels": {rule: RULES[rule].label for rule in gap.excluded},
    }


def _spread(spread: Spread) -> View:
    return {
        "providers": spread.people,
        "idle": spread.idle,
        "orders": spread.orders,
        "most": spread.most,
        "mean": spread.mean,
        "gini": spread.gini,
        "bins": spread.bins,
    }
