"""What the kernel reads: two structures, told once, for ctypes and as the C declarations that are compiled with it."""

import ctypes
from typing import Any

from matcher.ranking.fields import FIELDS, LISTS

C_TYPES = {
    "?": "uint8_t", "u1": "uint8_t", "u2": "uint16_t", "u4": "uint32_t", "u8": "uint64_t",
    "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t", "f4": "float", "f8": "double",
}  # fmt: skip
Number = type[ctypes.c_double] | type[ctypes.c_int64] | type[ctypes.c_int32] | type[ctypes.c_uint32] | type[ctypes.c_uint64]
CTYPES: dict[str, Number] = {
    "f8": ctypes.c_double, "i8": ctypes.c_int64, "i4": ctypes.c_int32, "u4": ctypes.c_uint32, "u8": ctypes.c_uint64,
}  # fmt: skip
# Columns that are of no use for the bounds.
LEFT_OUT = ("id_high", "id_low", "person", "version")
LISTS_READ = ("slots", "terms")
# Shares of the score, and beside them the points that everybody may have: of what the kernel does not know.
SHARES = ("skill", "text", "location", "capacity", "availability", "rating", "acceptance", "balance", "party_member")
LEVELS = 4

# Arrays, by the type of an element.
TABLE = {
    **{name: field.stored for name, field in FIELDS.items() if name not in LEFT_OUT},
    **{f"{name}_{part}": stored for name in LISTS_READ for part, stored in (("first", "u4"), ("count", "u1"))},
    **{f"{name}_{part}": field.stored for name in LISTS_READ for part, field in LISTS[name].items()},
    "centre": "f4", "radius": "f4", "regions": "u8", "steady": "f8",
    "cell_centre": "f4", "cell_radius": "f4", "cell_regions": "u8", "cell_steady": "f8", "cell_can": "u1", "cell_reach_km": "f4",
    "cell_kinds": "u1", "cell_active": "?", "cell_capacity": "f8", "posting_first": "u4", "posting_row": "u2", "posting_confidence": "u2",
}  # fmt: skip
# Of a need: numbers, several of a kind, and arrays of any length.
NUMBERS = {
    **dict.fromkeys((*SHARES, "given", "half_lives", "whole_text", "lng", "lat"), "f8"),
    **dict.fromkeys(("enough_minutes", "least_minutes"), "f8"),
    **dict.fromkeys(("cells", "need_items", "term_count", "segment_count", "minute", "day", "monday", "items"), "i8"),
    **dict.fromkeys(("kinds", "credential", "has_point", "has_window", "has_budget"), "i4"),
    "traits": "u4",
    "term_bits": "u8",
}
SEVERAL: dict[str, tuple[str, type[ctypes.Array[Any]]]] = {
    "spheric": ("f8", ctypes.c_double * 3),
    "region_bit": ("u8", ctypes.c_uint64 * LEVELS),
    "region_from": ("i8", ctypes.c_int64 * LEVELS),
    "region_to": ("i8", ctypes.c_int64 * LEVELS),
}
ARRAYS = {
    "item_share": "f8", "related_from": "i8", "related": "i8", "credit": "f8", "term_number": "i4", "term_weight": "f8", "segments": "i8",
}  # fmt: skip


class Table(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in TABLE]


class Need(ctypes.Structure):
    _fields_ = [
        *((name, CTYPES[type]) for name, type in NUMBERS.items()),
        *((name, array) for name, (_, array) in SEVERAL.items()),
        *((name, ctypes.c_void_p) for name in ARRAYS),
    ]


def declarations() -> str:
    """Both structures in C, in the order of the fields above."""
    need = [f"{C_TYPES[type]} {name};" for name, type in NUMBERS.items()]
    need += [f"{C_TYPES[type]} {name}[{array._length_}];" for name, (type, array) in SEVERAL.items()]
    return "#include <stdint.h>\n" + _structure("Table", _pointers(TABLE)) + _structure("Need", need + _pointers(ARRAYS))


def _pointers(arrays: dict[str, str]) -> list[str]:
    return [f"const {C_TYPES[type]} *{name};" for name, type in arrays.items()]


def _structure(name: str, lines: list[str]) -> str:
    return f"typedef struct {{ {' '.join(lines)} }} {name};\n"
