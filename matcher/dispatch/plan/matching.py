"""Maximum-weight bipartite matching over the sparse pairs.

Method: every place of a need is a row and every unit of a provider's room a column; a dummy column lets a place stay empty. scipy's
shortest augmenting paths for sparse graphs (Jonker and Volgenant 1987) find the best full matching of the rows.

That a provider does at most one of several things (needs at one time; the places of one need) is a *group*: a column that the rows
of the group share, and a row that takes either this column or one unit of the provider's room. The row must be matched, so at most
one of the group is served, and it uses a unit.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matcher.dispatch.plan.problem import Problem, Whole

# Added to every row's entries, which moves every full matching alike: the sparse solver takes a 0 for no edge.
LIFT = 1.0
# An edge that stands for no pair.
NO_PAIR = -1


@dataclass(slots=True)
class _Graph:
    rows: list[Whole] = field(default_factory=list)
    columns: list[Whole] = field(default_factory=list)
    pairs: list[Whole] = field(default_factory=list)
    row_count: int = 0
    column_count: int = 0

    def new_rows(self, count: int) -> Whole:
        self.row_count += count
        return np.arange(self.row_count - count, self.row_count)

    def new_columns(self, count: int) -> Whole:
        self.column_count += count
        return np.arange(self.column_count - count, self.column_count)

    def join(self, rows: Whole, columns: Whole, pairs: Whole) -> None:
        self.rows.append(rows)
        self.columns.append(columns)
        self.pairs.append(pairs)


def match(problem: Problem, strict: set[int], *, cliques: bool) -> Whole:
    """The pairs of the best matching; the `strict` providers keep to their groups, cut into cliques or whole.

    A provider who is not strict may be matched twice with a need of several places, and to two needs at one time.
    """
    graph = _Graph()
    places = graph.new_rows(int(problem.places.sum()))
    graph.join(places, graph.new_columns(len(places)), np.full(len(places), NO_PAIR))
    first_row = np.cumsum(problem.places) - problem.places
    kept = (
        np.isin(problem.provider, np.fromiter(strict, dtype=np.intp)) if strict else np.zeros(len(problem.score), dtype=np.bool_)
    )
    _join_free(graph, problem, first_row, np.flatnonzero(~kept))
    for pairs in _by_provider(problem, np.flatnonzero(kept)):
        _join_strict(graph, problem, first_row, pairs, _groups(problem, pairs, cliques=cliques))
    return _solved(graph, problem)


def _by_provider(problem: Problem, pairs: Whole) -> list[Whole]:
    ordered = pairs[np.argsort(problem.provider[pairs], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(problem.provider[ordered])) + 1) if len(ordered) else []


def _join_free(graph: _Graph, problem: Problem, first_row: Whole, pairs: Whole) -> None:
    """Every place of a need to every unit of room that the provider could use."""
    asked = np.bincount(problem.provider[pairs], weights=problem.places[problem.need[pairs]], minlength=len(problem.room))
    units = np.minimum(problem.room, asked.astype(np.intp))
    first_unit = graph.column_count + np.cumsum(units) - units
    graph.new_columns(int(units.sum()))
    rows, at, inside = _spread(first_row[problem.need[pairs]], problem.places[problem.need[pairs]])
    providers = problem.provider[pairs][at]
    columns, again, unit = _spread(first_unit[providers], units[providers])
    graph.join((rows + inside)[again], columns + unit, pairs[at][again])


def _join_strict(graph: _Graph, problem: Problem, first_row: Whole, pairs: Whole, groups: list[Whole]) -> None:
    alone = np.setdiff1d(pairs, np.concatenate(groups)) if groups else pairs
    units = graph.new_columns(min(int(problem.room[problem.provider[pairs[0]]]), len(alone) + len(groups)))
    lone_rows = first_row[problem.need[alone]]
    graph.join(np.repeat(lone_rows, len(units)), np.tile(units, len(alone)), np.repeat(alone, len(units)))
    for group in groups:
        shared, either = graph.new_columns(1), graph.new_rows(1)
        rows, at, inside = _spread(first_row[problem.need[group]], problem.places[problem.need[group]])
        graph.join(rows + inside, np.repeat(shared, len(rows)), group[at])
        columns = np.concatenate([shared, units])
        graph.join(np.repeat(either, len(columns)), columns, np.full(len(columns), NO_PAIR))


def _spread(values: Whole, counts: Whole) -> tuple[Whole, Whole, Whole]:
    """Each value `counts` times; beside it its place in `values`, and the how-manieth copy it is."""
    at = np.repeat(np.arange(len(values)), counts)
    copy = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    return values[at], at, copy


def _groups(problem: Problem, pairs: Whole, *, cliques: bool) -> list[Whole]:
    """Pairs of one provider of which at most one place may be served: needs at one time, and each need of several places."""
    start, end = problem.start[problem.need[pairs]], problem.end[problem.need[pairs]]
    groups: list[list[int]] = []
    until = -np.inf
    for place in np.argsort(start, kind="stable").tolist():
        if start[place] < until:
            groups[-1].append(int(pairs[place]))
            until = min(until, end[place]) if cliques else max(until, end[place])
        else:
            groups.append([int(pairs[place])])
            until = end[place]
    return [np.asarray(group) for group in groups if problem.places[problem.need[group]].sum() > 1]


def _solved(graph: _Graph, problem: Problem) -> Whole:
    rows, columns, pairs = np.concatenate(graph.rows), np.concatenate(graph.columns), np.concatenate(graph.pairs)
    worth = np.where(pairs >= 0, problem.score[pairs], 0.0) + LIFT
    shape = (graph.row_count, graph.column_count)
    matched_rows, matched_columns = min_weight_full_bipartite_matching(
        csr_matrix((worth, (rows, columns)), shape=shape), maximize=True
    )
    pair_of = csr_matrix((pairs - NO_PAIR + 1, (rows, columns)), shape=shape)
    found = np.asarray(pair_of[matched_rows, matched_columns]).ravel().astype(np.intp) + NO_PAIR - 1
    return np.sort(found[found >= 0])
