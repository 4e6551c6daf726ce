"""编号: the short number of a need, to be said by telephone and typed: 8 digits, chance but for the last, which checks the others.

Chance and not a sequence: one that every posting counted up would be a document that all of them wait for, and its numbers could be
guessed. The last digit is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004): it finds every single wrong digit and every
two neighbours that were exchanged.
"""

import re
import secrets
import unicodedata

LENGTH, LONGEST = 8, 12
# Of each length one is drawn, in this order, and the first that is free is taken: as the short ones fill up, longer ones come by themselves.
DRAWN_LENGTHS = (LENGTH, LENGTH, LENGTH, 9, 10, LONGEST)
FORM = re.compile(rf"[0-9]{{{LENGTH},{LONGEST}}}", re.ASCII)
BREAKS = re.compile(r"[\s.\-‐‑‒–—]")
GROUP = 4
_TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def check_digit(digits: str) -> str:
    found = 0
    for each in digits:
        found = int(_TABLE[found][int(each)])
    return str(found)


def new_number(length: int = LENGTH) -> str:
    """Never with a 0 in front, which a table would lose."""
    digits = str(10 ** (length - 2) + secrets.randbelow(9 * 10 ** (length - 2)))
    return digits + check_digit(digits)


def looks_like_number(text: str) -> bool:
    return FORM.fullmatch(text) is not None


def is_right(number: str) -> bool:
    """Whether the last digit fits the others."""
    return check_digit(number) == "0"


def plain(text: str) -> str:
    """As it is kept, however it was typed: 4827 3915, 4827-3915, ４８２７３９１５. What is no such number comes back as it was."""
    digits = BREAKS.sub("", unicodedata.normalize("NFKC", text))
    return digits if looks_like_number(digits) else text


def spoken(number: str) -> str:
    """4827 3915: as it is said and written down."""
    return " ".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))
