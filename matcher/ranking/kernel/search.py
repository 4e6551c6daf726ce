"""A need and the columns in the kernel's form, and its answer as rows."""

from collections.abc import Mapping
from ctypes import byref
from operator import is_not, itemgetter
from typing import NamedTuple

import numpy as np

from matcher.ranking.blocks.sketch import LEVELS, on_sphere, region_bit
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import KIND_PLACE, Columns, Rows, Values, epoch_minute, region_number, term_number
from matcher.ranking.criteria import ENOUGH_MINUTES, UNKNOWN
from matcher.ranking.eligibility import MIN_OVERLAP_MINUTES
from matcher.ranking.fields import Array
from matcher.ranking.kernel.compiled import Best
from matcher.ranking.kernel.layout import ARRAYS, LISTS_READ, SHARES, TABLE, Need, Table
from matcher.ranking.query import ENOUGH_SAID, Query, View
from matcher.ranking.scoring import points_of
from matcher.ranking.traits import traits_asked
from models.budget import PASSING_URGENCY, day_number, monday_of
from models.place import Point
from models.schedule import Window
from models.workload import half_lives

TOO_MANY_TIE = -2
# What the kernel gives to everybody: those who served the resident before are among the exceptions, which it passes over.
SAME_FOR_ALL = {"continuity": UNKNOWN}


def best_rows(
    kernel: Best, view: View, blocks: Blocks, shares: Mapping[str, float], room: int, passed_over: Rows
) -> tuple[Rows, Values] | None:
    """The `room` rows that have the most points at most, in no order, and how many; without those `passed_over` (ascending). None where
    thousands tie with the last of them."""
    need, kept = need_of(view, blocks, shares)
    table = table_of(view.table, blocks, shares)
    rows, bounds = np.empty(room, np.int64), np.empty(room, np.float64)
    found = kernel(byref(table), byref(need), at(passed_over), len(passed_over), room, at(rows), at(bounds))
    del kept
    if found == TOO_MANY_TIE:
        return None
    if found < 0:
        raise MemoryError(f"{blocks.cells.size} cells")
    return rows[:found], bounds[:found]


def at(array: Array) -> int:
    return array.ctypes.data


def table_of(columns: Columns, blocks: Blocks, shares: Mapping[str, float]) -> Table:
    """Some sixty pointers, told anew as soon as one of the arrays is another one."""
    arrays = [*columns.fixed.values()]
    for name in LISTS_READ:
        each = columns.lists[name]
        arrays += each.start, each.count, *each.pools.values()
    words, cells = blocks.words, blocks.cells
    arrays += (
        words.steady(shares),
        *words.arrays.values(),
        cells.steady(shares),
        *cells.arrays.values(),
        *blocks.postings.arrays.values(),
    )
    last = blocks.attached
    if not isinstance(last, Told) or len(last.arrays) != len(arrays) or any(map(is_not, last.arrays, arrays)):
        last = blocks.attached = Told(arrays, _table(columns, blocks, shares))
    return last.table


class Told(NamedTuple):
    """A table, and the arrays that it points to."""

    arrays: list[Array]
    table: Table


def _table(columns: Columns, blocks: Blocks, shares: Mapping[str, float]) -> Table:
    arrays = dict(columns.fixed) | blocks.postings.arrays
    for name in LISTS_READ:
        each = columns.lists[name]
        arrays |= {f"{name}_first": each.start, f"{name}_count": each.count}
        arrays |= {f"{name}_{part}": pool for part, pool in each.pools.items()}
    arrays |= {name: blocks.words.arrays[name] for name in ("centre", "radius", "regions")}
    arrays |= {f"cell_{name}": array for name, array in blocks.cells.arrays.items()}
    arrays |= {"steady": blocks.words.steady(shares), "cell_steady": blocks.cells.steady(shares)}
    return Table(**{name: at(arrays[name]) for name in TABLE})


def need_of(view: View, blocks: Blocks, shares: Mapping[str, float]) -> tuple[Need, dict[str, Array]]:
    """And the arrays that it points to, to be kept as long as it is."""
    query = view.query
    told = _skill(view) | _words(query) | _segments(query.window)
    arrays = {name: np.ascontiguousarray(told[name], dtype=type) for name, type in ARRAYS.items()}
    need = Need(
        **{code: shares[code] for code in SHARES},
        given=_given(shares),
        half_lives=half_lives(query.at),
        minute=epoch_minute(query.moment),
        traits=traits_asked(query.constraints),
        kinds=sum(1 << KIND_PLACE[kind] for kind in query.kinds),
        credential=query.credential_rank,
        items=view.catalogue.room,
        cells=blocks.cells.size,
        need_items=len(arrays["item_share"]),
        term_count=len(arrays["term_number"]),
        # Six bits of each word's number, for a quick look; more than 64 words are not asked for.
        term_bits=sum({1 << (number & 63) for number in arrays["term_number"].tolist()}),
        segment_count=len(arrays["segments"]) // 2,
        whole_text=ENOUGH_SAID * float(np.sqrt(sum(term.weight**2 for term in query.terms))),
        **{name: at(array) for name, array in arrays.items()},
    )
    _tell_place(need, query.point)
    _tell_region(need, query.region)
    if query.window:
        need.has_window = True
        need.enough_minutes = min(ENOUGH_MINUTES, query.window.minutes)
        need.least_minutes = min(MIN_OVERLAP_MINUTES, query.window.minutes)
    if query.urgency < PASSING_URGENCY:
        need.has_budget, need.day = True, day_number(query.at)
        need.monday = monday_of(need.day)
    return need, arrays


def _given(shares: Mapping[str, float]) -> float:
    others = [code for code, share in shares.items() if share and code not in SHARES]
    return sum(points_of(shares[code], np.full(1, SAME_FOR_ALL.get(code, 1.0))).item() for code in others)


def _skill(view: View) -> dict[str, Array]:
    """The need's items by share, the greatest first, and for each what the catalogue's items are worth for it, if anything."""
    wanted = sorted(view.shares(), key=itemgetter(1), reverse=True)
    worth = view.catalogue.credit[[item for item, _ in wanted]].astype(np.float64)
    item, related = np.nonzero(worth)
    return {
        "item_share": np.asarray([share for _, share in wanted]),
        "related_from": np.searchsorted(item, np.arange(len(wanted) + 1)),
        "related": related,
        "credit": worth[item, related],
    }


def _words(query: Query) -> dict[str, Array]:
    return {
        "term_number": np.asarray([term_number(term.word) for term in query.terms]),
        "term_weight": np.asarray([term.weight for term in query.terms]),
    }


def _segments(window: Window | None) -> dict[str, Array]:
    return {"segments": np.asarray(window.week_segments() if window else []).reshape(-1)}


def _tell_place(need: Need, point: Point | None) -> None:
    if point is not None:
        need.has_point, need.lng, need.lat = True, point.lng, point.lat
        need.spheric[:] = on_sphere(np.asarray(point.lng), np.asarray(point.lat)).tolist()


def _tell_region(need: Need, region: str) -> None:
    """Level by level the numbers of the regions that are the same or lie within; none where the need's region is not told so far."""
    number = region_number(region)
    for level, digits in enumerate(LEVELS):
        if len(region) >= digits:
            below = 10 ** (15 - digits)
            need.region_from[level] = number // below * below
            need.region_to[level] = need.region_from[level] + below
            need.region_bit[level] = int(region_bit(number, digits))
