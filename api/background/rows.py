"""A batch of providers' documents to rows of the columns, and the ids of those that have to be read one by one."""

from matcher.ranking.bulk import Bulk, NewRows
from models.store.drawn import drawn
from models.store.lockstep import Lockstep
from models.vocabulary import ProviderKind


def rows_of(bulk: Bulk, kind: ProviderKind, walk: Lockstep) -> tuple[NewRows | None, list[str]]:
    """Who does not have the usual form (they may be right, or damaged) is among the ids, and all others among the rows."""
    odd: list[str] = []
    while len(walk):
        found = drawn(walk)
        wrong = found.odd
        if not wrong.any():
            rows, wrong = bulk.rows(kind, found)
            if not wrong.any():
                return rows, odd
        odd += walk.ids(wrong)
        walk = Lockstep.of_documents(b"".join(walk.some(~wrong)))
    return None, odd
