"""Which helper is wished for: a woman or a man, a language, a party member. Words about the resident are no wish."""

import re
from collections.abc import Iterable, Mapping

from models.understanding import NO_CONSTRAINTS, Constraints
from models.vocabulary import DIALECTS, Gender, Language

ROLE = (
    r"(?:性)?(?:志愿者|义工|志工|社工|师傅|护工|同志|医生|大夫|老师|律师|警察|民警|工作人员|心理师|咨询师|辅导员|司机|教练|护士|帮手|搭把手|队员|陪护|翻译|"
    r"党员|裁缝|理发师|按摩师|教师)|人(?!用|家|来)|性(?!来电|来访|要求|老|居民|朋友|[,。])|的|嘞|个(?!人|孩)"
)
# What opens a wish, and how far behind it the wish may stand within one clause.
WISH = (
    r"想要|想找|想请|要|需要|需|找|寻|请|派|调|叫|喊|(?<!搬)来(?!电|访|了|函)|换|安排|配|求|盼|希望(?:是|有|能有)?|最好(?:是|有|来|派)?|有没有|有冇得?|有无|有呒没|能不能(?:来|派|找|有)?|"
    r"得(?!是)有?|哪(?:个|位|家)|谁|只要|必须(?:是)?|一定(?:要|得)?|给"
)
GAP = r"[^,。!?;、我他她你俺伊她您见说]{0,8}?"
GENDER = re.compile(
    rf"(?P<wish>{WISH})(?P<gap>{GAP})(?<![儿孙子侄外妇美少居访年人])(?P<gender>[女男])(?P<role>{ROLE})(?![骂打把跟朋友女孩童脱可用])"
)
GENDER_LAST = re.compile(
    rf"(?:^|[,。!?;、]|是)(?P<gender>[女男])(?P<role>{ROLE})(?:来|上门|陪|帮|优先|最好|更好|才行|才好|才方便|方便些|比较方便|就行|就好|为好|为宜)"
)
# "别派男的来" asks for a woman.
REFUSED = re.compile(
    r"(?:(?<![能可要行是])不(?:想|能|敢|愿意?|好意思)?(?:要|让|派|叫|找|请)|别(?:派|叫|让|找|来)|勿要(?:派|叫)?|莫(?:派|叫|让)|勿叫)(?:个|位|一个|几个)?"
    rf"(?P<gender>[女男])(?:{ROLE})"
)
OTHER: dict[str, Gender] = {"女": Gender.MALE, "男": Gender.FEMALE}
GENDERS: dict[str, Gender] = {"女": Gender.FEMALE, "男": Gender.MALE}
# Where people are looked for as company for life, or told of as strangers, a gender is no wish for a helper.
NOT_HELPERS = re.compile(
    r"对象|相亲|结婚|成家|搭伴|找个伴|过日子|媳妇儿?给|处对象|红娘|单身|牵线|跟踪|尾随|偷拍|走丢|走失|失踪|男的女的|女的男的|男女都|不分男女|男女不限"
)
PARTY = re.compile(
    rf"(?:{WISH})(?:一|两|几|三|些|个|位|名|咱|社区的?|你们|附近的?){{0,4}}(?:老|年轻的?)?党员"
    r"(?:志愿者|同志|师傅|服务队|先锋队|突击队)?(?=来|帮|上门|搭|给我|陪|[,。!?;]|$)"
)
SPEAKS = r"(?:会(?:讲|说|打|用|一点|点)?|懂(?:得|点)?|能(?:讲|说|用|打)|听得懂|精通|通|熟悉|讲得来|说得来)"
LOOSE = r"(?:咱|俺|我)?(?:们)?(?:这边的?|那边的?|本地的?|地道的?|一点|点|几句|家乡的?)?"


class WishReader:
    """`languages` are the words by which each language is called."""

    def __init__(self, languages: Mapping[Language, Iterable[str]]) -> None:
        self._language_of = {word: language for language, words in languages.items() for word in words}
        word = "|".join(sorted(map(re.escape, self._language_of), key=len, reverse=True)) or r"(?!)"
        self._word = re.compile(word)
        several = rf"{LOOSE}(?:{word})(?:(?:和|与|或|跟|、|加)(?:会|懂)?(?:{word}))*"
        self._wished = re.compile(
            rf"(?<!不)(?<!不需)(?<!不必)(?:{WISH}){GAP}{SPEAKS}(?P<said>{several})(?!课|班|老师教|考试|成绩|作业)"
        )
        self._named = re.compile(
            rf"(?:^|[,。!?;、\s]){SPEAKS}(?P<said>{several})(?:的|嘞|个)(?:志愿者|义工|师傅|社工|同志|大姐|人|翻译|护工|医生|大夫)?(?=来|上门|陪|帮|[,。!?;]|$)"
        )
        self._only = re.compile(rf"只(?:听得懂|会讲|会说|能听懂|懂|讲|说|听得明白){LOOSE}(?P<said>{word})")
        self._claimed = re.compile(
            rf"(?:{SPEAKS}|讲|说|教|流利的?|熟练的?|母语(?:是|为)?|擅长|用|打){LOOSE}(?P<said>{several})"
            rf"|(?P<before>{word})(?:翻译|口译|流利|沟通|交流|接待|导览|讲解|专业|教师|老师|四级|六级|八级|专八|证|陪同|服务|播音|主持|家教|辅导)"
        )

    def wishes(self, text: str) -> Constraints:
        """Of normalised text. "优先" and, for languages, "最好" are preferences and left to people."""
        gender = self._gender(text)
        languages = self._languages(text)
        party = PARTY.search(text) is not None
        return Constraints(gender, languages, party) if gender or languages or party else NO_CONSTRAINTS

    def spoken(self, skills: Iterable[str], bio: str) -> tuple[Language, ...]:
        """The languages that a provider's normalised words claim: a skill by naming one, a bio by saying that they speak it."""
        found: dict[Language, None] = {}
        for skill in skills:
            found.update(dict.fromkeys(self._named_in(skill)))
        for match in self._claimed.finditer(bio):
            if not re.search(r"不|没|想学|在学|不太|一点不", bio[max(0, match.start() - 3) : match.start()]):
                found.update(dict.fromkeys(self._named_in(match["said"] or match["before"])))
        return tuple(sorted(found, key=list(Language).index))

    def _gender(self, text: str) -> Gender | None:
        if ("女" not in text and "男" not in text) or NOT_HELPERS.search(text):
            return None
        refused = REFUSED.search(text)
        if refused is not None:
            return OTHER[refused["gender"]]
        match = GENDER.search(text) or GENDER_LAST.search(text)
        return GENDERS[match["gender"]] if match is not None else None

    def _languages(self, text: str) -> tuple[Language, ...]:
        if not self._word.search(text):
            return ()
        found: dict[Language, None] = {}
        for pattern in (self._wished, self._named, self._only):
            for match in pattern.finditer(text):
                around = match.group() + text[match.end() : match.end() + 6]
                if "各" not in around and "优先" not in around and "最好" not in match.group():
                    found.update(dict.fromkeys(self._named_in(match["said"])))
        if len(found) > 1 and found.keys() & DIALECTS:
            found.pop(Language.DIALECT, None)
        return tuple(sorted(found, key=list(Language).index))

    def _named_in(self, text: str) -> list[Language]:
        return [self._language_of[match.group()] for match in self._word.finditer(text)]


SILENT = WishReader({})
