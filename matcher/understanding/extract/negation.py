"""What a text says is not needed: "不用上门", "不是漏水，是下水慢". Complaints ("水不热", "灯不亮", "不会用手机") are no negated needs."""

import re
from collections.abc import Iterable, Mapping

LONGEST = 12
# "不用密码就打不开" says that the thing is needed.
UNLESS = r"[^,。!?;:…\n]{1,8}就(?:[^,。!?;:…\n]?不|没)"
CLAUSE = r"[^,。!?;:…\n]"


class Negation:
    """`words` by kind: openers (`need`, `not`, `sent`), contexts in which an opener negates nothing (`except`), and what ends the
    scope (`stop`), which otherwise runs to the end of the clause."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        openers = [word for kind in ("need", "not", "sent") for word in words.get(kind, ())]
        kept = _any_of(words.get("except", ()))
        stop = _any_of(words.get("stop", ()))
        self._span = re.compile(
            rf"(?:{kept})|(?P<opener>{_any_of(openers)})(?!{UNLESS})(?P<scope>(?:(?!{stop}){CLAUSE}){{1,{LONGEST}}})"
        )
        self._openers = tuple(openers)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in the normalised text stands what is not meant, openers left out."""
        if not any(opener in text for opener in self._openers):
            return []
        return [match.span("scope") for match in self._span.finditer(text) if match["opener"]]

    def meant(self, text: str) -> str:
        """The text without what it negates; all of it where nothing else would be left to understand."""
        kept, at = [], 0
        for start, end in self.spans(text):
            kept.append(text[at:start])
            at = end
        rest = "".join((*kept, text[at:]))
        return rest if len(rest) >= len(text) / 2 else text


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


NOTHING = Negation({})
