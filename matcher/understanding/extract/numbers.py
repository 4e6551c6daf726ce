"""Numbers as people write them: Arabic or Chinese digits, below a thousand."""

NUMBER = r"[0-9]{1,3}|[〇零一二两三四五六七八九十百廿卅]{1,5}"
DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}


def number(text: str) -> int | None:
    """A count below a thousand; of "四五" the larger."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    text = text.replace("廿", "二十").replace("卅", "三十")
    hundreds, has_hundred, rest = text.partition("百")
    if not has_hundred:
        return _below_hundred(text)
    if hundreds not in DIGITS or not DIGITS[hundreds] >= 1:
        return None
    below = _below_hundred(rest.lstrip("零〇")) if rest else 0
    return None if below is None else 100 * DIGITS[hundreds] + below


def _below_hundred(text: str) -> int | None:
    tens, has_ten, ones = text.partition("十")
    if not has_ten:
        return DIGITS.get(text[-1]) if 1 <= len(text) <= 2 and text[0] in DIGITS else None
    if any(digit not in DIGITS for digit in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * (DIGITS[tens] if tens else 1) + (DIGITS[ones] if ones else 0)
