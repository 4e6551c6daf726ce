"""Which helper is wished for, and what is only told of the resident."""

import pytest

from matcher.ranking.traits import GENDER_LABELS, LANGUAGES, missing_traits, traits_asked, traits_of
from matcher.understanding.normalise import Normaliser
from matcher.understanding.understander import Stated, Understander
from models.provider import Provider
from models.understanding import NO_CONSTRAINTS, Constraints
from models.vocabulary import DIALECTS, Gender, Language, OrganisationType
from seed.sources import make_extractor
from tests.make import AT, organisation, social_worker, volunteer

READER = make_extractor().wishes
PLAIN = Normaliser().normalise
FEMALE, MALE = Constraints(Gender.FEMALE), Constraints(Gender.MALE)


def speaking(*languages: Language) -> Constraints:
    return Constraints(languages=languages)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("给我妈擦身，要个女的来", FEMALE),
        ("想请一位女志愿者陪我去妇科", FEMALE),
        ("能不能派个女师傅，我一个人住", FEMALE),
        ("别派男的来，我妈怕生", FEMALE),
        ("最好是女同志，婆婆怕羞", FEMALE),
        ("找男护工给爹爹洗澡", MALE),
        ("要两个男的，力气大的，抬我爸下楼", MALE),
        ("不要女的，我爸难为情", MALE),
        ("要会手语的志愿者", speaking(Language.SIGN)),
        ("得有个懂手语的人在场", speaking(Language.SIGN)),
        ("外婆耳背，派个会说宁波话的来", speaking(Language.NINGBO)),
        ("我妈只听得懂武汉话，医生讲的她记不住", speaking(Language.WUHAN)),
        ("請找會講粵語的義工", speaking(Language.CANTONESE)),
        ("想找个会讲本地话的人陪陪她", speaking(Language.DIALECT)),
        ("需要能用英语交流的人陪他办证", speaking(Language.ENGLISH)),
        ("来个女志愿者，要会河南话的", Constraints(Gender.FEMALE, (Language.HENAN,))),
        ("请派名党员来帮我们抬一下", Constraints(party_member=True)),
    ],
)
def test_a_wish_for_a_helper_is_read(text: str, wish: Constraints) -> None:
    assert READER.wishes(PLAIN(text)) == wish


@pytest.mark.parametrize(
    "text",
    [
        "我是女的，一个人住，夜里害怕",
        "女儿放学没人接",
        "女厕所的门坏了",
        "妇女主任说你们这里能帮忙",
        "男厕所漏水",
        "有个男的跟着我，头像是女的",
        "来电女性，独居，腿脚不便",
        "想给儿子找个女的，好过日子",
        "我们车间男的多，想搞联谊",
        "孩子英语不好，想补课",
        "想学手语，哪里教",
        "厂里招了六个打手语的姑娘，我们想学两句",
        "会讲本地话优先",
        "会日语与法语各一位",
        "不需要会英语的人",
        "我们支部的党员要上党课",
        "社区党员活动室的灯坏了",
        "我奶奶会说宁波话，爱讲古",
    ],
)
def test_words_about_the_resident_are_no_wish(text: str) -> None:
    assert READER.wishes(PLAIN(text)) == NO_CONSTRAINTS


def test_what_was_stated_outright_stands_in_place_of_what_was_read(understander: Understander) -> None:
    text = "派个女志愿者来给奶奶洗澡"
    assert understander.understand(text, Stated(), AT).constraints == FEMALE
    assert understander.understand(text, Stated(constraints=NO_CONSTRAINTS), AT).constraints == NO_CONSTRAINTS
    assert understander.understand(text, Stated(constraints=MALE), AT).constraints == MALE


@pytest.mark.parametrize(
    ("skills", "bio", "languages"),
    [
        (("手语翻译", "修水管"), "", (Language.SIGN,)),
        ((), "会说宁波话，英语流利", (Language.NINGBO, Language.ENGLISH)),
        ((), "在学手语，还不会用", ()),
        (("换灯泡",), "当过兵，力气大", ()),
    ],
)
def test_a_providers_own_words_claim_languages(skills: tuple[str, ...], bio: str, languages: tuple[Language, ...]) -> None:
    assert READER.spoken(skills, PLAIN(bio)) == languages


WISHES = (FEMALE, MALE, Constraints(party_member=True), *(speaking(each) for each in Language))


@pytest.mark.parametrize(
    ("provider", "met"),
    [
        (volunteer(), ()),
        (volunteer(gender=Gender.FEMALE, party_member=True), (FEMALE, Constraints(party_member=True))),
        (social_worker(gender=Gender.MALE), (MALE,)),
        (volunteer(languages=(Language.SIGN,)), (speaking(Language.SIGN),)),
        (volunteer(languages_read=(Language.HENAN,)), (speaking(Language.DIALECT), speaking(Language.HENAN))),
        (organisation(), (FEMALE, MALE)),
        (organisation(type=OrganisationType.PARTY_UNIT), (FEMALE, MALE, Constraints(party_member=True))),
    ],
)
def test_only_what_a_provider_is_known_to_be_meets_a_wish(provider: Provider, met: tuple[Constraints, ...]) -> None:
    traits = traits_of(provider)
    assert tuple(wish for wish in WISHES if not missing_traits(wish, traits)) == met
    assert tuple(wish for wish in WISHES if traits & traits_asked(wish) == traits_asked(wish)) == met


def test_every_trait_has_a_bit_of_its_own_in_thirty_two() -> None:
    bits = [*LANGUAGES.values(), *(traits_asked(wish) for wish in (FEMALE, MALE, Constraints(party_member=True)))]
    assert len({*bits}) == len(bits)
    assert max(bits) < 1 << 32
    assert set(GENDER_LABELS) == set(Gender)
    assert set(Language) > DIALECTS


def test_what_is_lacking_is_said_in_words() -> None:
    assert missing_traits(Constraints(Gender.FEMALE, (Language.SIGN,), True), 0) == ["女志愿者", "会手语", "党员"]
