"""For whom a text asks: groups that services are planned by, from words for people and from ages."""

import re
from collections.abc import Iterable, Mapping

from matcher.understanding.extract.numbers import NUMBER, number
from models.vocabulary import TargetGroup

ELDER_AGE = 60
CHILD_AGE = 15
AGE = re.compile(
    rf"(?P<years>{NUMBER})(?:多|来|几|好几)?(?:周|虚)?岁(?!月)"
    r"|(?:年近|年过|都|今年|已|快|有|过)(?P<round>[六七八九]十)(?:多|好几|几)?(?=[了的,。!?;]|$)"
)
# "八十多", "七十好几" of a person; of things a measure follows.
ABOUT = re.compile(
    r"(?:[六七八九]十|[6-9]0)(?:多|好几|几|来)(?:岁|了|的(?:人|老)|嘞|老|还|啦|[,。!?;]|$)|[七八九](?:旬|秩)|[六七八九]十[一二三四五六七八九](?:了|嘞|的人)"
)
INFANT = re.compile(
    rf"(?:{NUMBER})个(?:多|半)?月(?:大|的?(?:娃|宝|婴|孩|伢|小|毛毛|囡))|出生(?:才)?(?:{NUMBER})天|刚满月|没满月|未满月"
)
EXCEPT = "-"


class GroupReader:
    """`words` are the words by which each group is told of; those under "-" only look like one and hide what they contain."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._words = [(TargetGroup(group), tuple(each)) for group, each in words.items() if group != EXCEPT]
        hidden = sorted(words.get(EXCEPT, ()), key=len, reverse=True)
        self._hidden = re.compile("|".join(map(re.escape, hidden))) if hidden else None

    def groups(self, text: str) -> tuple[TargetGroup, ...]:
        """Of normalised text, in the order of the vocabulary."""
        if self._hidden is not None:
            text = self._hidden.sub(" ", text)
        found = {group for group, words in self._words if any(word in text for word in words)}
        return tuple(sorted(found | _by_age(text), key=list(TargetGroup).index))


def _by_age(text: str) -> set[TargetGroup]:
    found = set()
    for match in AGE.finditer(text):
        years = number(match["years"] or match["round"])
        if years is not None and years >= ELDER_AGE:
            found.add(TargetGroup.ELDER)
        elif years is not None and years <= CHILD_AGE:
            found.add(TargetGroup.CHILD)
    if ABOUT.search(text):
        found.add(TargetGroup.ELDER)
    if INFANT.search(text):
        found.add(TargetGroup.CHILD)
    return found


NOBODY = GroupReader({})
