"""The demo city's people: all invented, the same every time. Skills and bios come from the corpus, where they were written one by one."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from models.organisation import Organisation
from models.place import Point, Region, Regions
from models.provider import Contact, Provider
from models.schedule import Slot, merge_slots
from models.social_worker import SocialWorker
from models.vocabulary import Credential, Gender, Language, ProviderKind, RegionLevel
from models.volunteer import Volunteer
from seed.scatter import moved
from seed.sources import DEMO_DISTRICTS, catalogue_items, pairs, provider_phrases
from seed.units import units_for

VOLUNTEERS, SOCIAL_WORKERS, ORGANISATIONS = 3_000, 160, 260
PARTY_MEMBER_SHARE = 0.34
MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
GIVEN = (
    "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英玉萍红建华文辉力利清飞彬富顺信子达安岩中茂进林有坚和彪博诚先敬震振壮会思"
    "群豪心邦承乐绍功松善厚庆民友裕河哲江亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以家致树炎德行时泰盛雄琛"
    "钧冠策腾楠榕风航弘"
)
ORGANISATION_NAMES = (
    "和睦", "同心", "暖阳", "春晖", "初心", "邻家", "百姓", "益民", "青禾", "江城", "长青", "金桥", "微光",
    "众帮", "安居", "乐群", "惠民", "向阳", "知音", "楚天", "连心", "百合", "蓝盾", "阳光", "雨露",
)  # fmt: skip
KIND_WORDS = {
    "volunteer": ProviderKind.VOLUNTEER,
    "social_worker": ProviderKind.SOCIAL_WORKER,
    "organisation": ProviderKind.ORGANISATION,
}
# Skills, bio, and the service item that they are about.
Portrait = tuple[tuple[str, ...], str, str]


def demo_id(name: str, at: datetime = MADE_AT) -> str:
    """An id of the store's form that a name and its time always lead to; it sorts by the time, as the store's own do."""
    return f"{int(at.timestamp() * 1000):012x}{hashlib.sha256(f'sandan-demo:{name}'.encode()).hexdigest()[:12]}"


def demo_people(regions: Regions) -> Iterator[Provider]:
    """Without service items: mapping is the understanding's work. Coordinates are scattered around the grid and mean nothing."""
    dice = random.Random("sandan demo city")  # noqa: S311 - invented people, not secrets
    homes = [region for region in regions if region.level == RegionLevel.GRID and region.code[:6] in DEMO_DISTRICTS]
    written = _written_portraits()
    plan = [
        (ProviderKind.VOLUNTEER, VOLUNTEERS),
        (ProviderKind.SOCIAL_WORKER, SOCIAL_WORKERS),
        (ProviderKind.ORGANISATION, ORGANISATIONS),
    ]
    for kind, count in plan:
        for number in range(count):
            known = written[kind]
            portrait = known[number] if number < len(known) else _portrait(kind, dice)
            yield _provider(kind, number, portrait, dice.choice(homes), dice)


def _written_portraits() -> dict[ProviderKind, list[Portrait]]:
    portraits: dict[ProviderKind, list[Portrait]] = {kind: [] for kind in ProviderKind}
    for row in pairs("demo/providers.tsv"):
        kind, services, skills, bio = (*row, "")[:4]
        portraits[KIND_WORDS[kind]].append(
            (tuple(skill for skill in skills.split("、") if skill), bio, services.partition(",")[0])
        )
    return portraits


@cache
def _stock() -> tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...]:
    """For each service item, its skill phrases, its bios and its code."""
    by_item: dict[str, tuple[list[str], list[str]]] = {}
    for code, kind, text in provider_phrases():
        by_item.setdefault(code, ([], []))[0 if kind == "skill" else 1].append(text)
    return tuple((tuple(skills), tuple(bios), code) for code, (skills, bios) in sorted(by_item.items()))


def _portrait(kind: ProviderKind, dice: random.Random) -> Portrait:
    """A person may have a second skill of quite another kind; an organisation has one trade."""
    skills, bios, code = dice.choice(_stock())
    chosen = dice.sample(skills, k=min(len(skills), dice.choice((1, 1, 2, 2, 3))))
    if dice.random() < 0.25 and kind != ProviderKind.ORGANISATION:
        chosen.append(dice.choice(dice.choice(_stock())[0]))
    return tuple(dict.fromkeys(chosen)), dice.choice(bios) if bios and dice.random() < 0.45 else "", code


@cache
def _groups() -> dict[str, str]:
    return {item.code: item.group for item in catalogue_items()}


def _provider(kind: ProviderKind, number: int, portrait: Portrait, home: Region, dice: random.Random) -> Provider:
    skills, bio, item = portrait
    rated = dice.choice((0, 0, 0, 2, 5, 9, 17))
    common: dict[str, Any] = {
        "id": demo_id(f"{kind}-{number}"),
        "kind": kind,
        "skills": skills,
        "bio": bio,
        "region": home.code,
        "point": _near(home, dice),
        "capacity": dice.choice((1, 2, 3, 3, 4)) if kind == ProviderKind.VOLUNTEER else dice.choice((4, 6, 8, 12)),
        "availability": _hours(kind, dice),
        "contact": Contact(phone=f"000{number:08d}", address=""),
        "rating_sum": round(rated * dice.uniform(0.55, 1.0), 2),
        "rating_count": rated,
        "created_at": MADE_AT,
        "changed_at": MADE_AT,
    }
    common |= _traits(kind, number)
    person = dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2))))
    if kind == ProviderKind.VOLUNTEER:
        return Volunteer(name=person, party_member=dice.random() < PARTY_MEMBER_SHARE, **common)
    if kind == ProviderKind.SOCIAL_WORKER:
        credential = dice.choices(list(Credential), weights=(2, 5, 4, 1))[0]
        return SocialWorker(name=person, credential=credential, **common)
    form, ending = dice.choice(units_for(item, _groups()[item]))
    name = f"{dice.choice(ORGANISATION_NAMES)}{ending}（演示{number + 1}）"
    served = (home.code[:6],) if dice.random() < 0.7 else ()
    return Organisation(name=name, type=form, service_regions=served, **common)


def _traits(kind: ProviderKind, number: int) -> dict[str, Any]:
    """Who they are and speak, from dice of their own. One in ten has not said their gender."""
    dice = random.Random(f"sandan demo traits {kind} {number}")  # noqa: S311 - invented people, not secrets
    languages: tuple[Language, ...] = (Language.WUHAN,) if dice.random() < 0.5 else ()
    if dice.random() < 0.06:
        languages += (dice.choice([language for language in Language if language not in (Language.DIALECT, Language.WUHAN)]),)
    if kind == ProviderKind.ORGANISATION:
        return {"languages": languages}
    return {"languages": languages, "gender": dice.choices((Gender.FEMALE, Gender.MALE, None), weights=(50, 40, 10))[0]}


def _near(home: Region, dice: random.Random) -> Point | None:
    return moved(home.point, dice.uniform(-0.15, 0.15), dice.uniform(-0.15, 0.15)) if home.point else None


def _hours(kind: ProviderKind, dice: random.Random) -> tuple[Slot, ...]:
    if kind != ProviderKind.VOLUNTEER:
        return tuple(Slot(day, 9 * 60, 18 * 60) for day in range(1, 7))
    style = dice.random()
    if style < 0.2:
        return ()
    if style < 0.55:
        return merge_slots([Slot(day, 18 * 60, 21 * 60) for day in range(1, 6)] + [Slot(day, 9 * 60, 18 * 60) for day in (6, 7)])
    if style < 0.8:
        return merge_slots([Slot(day, 8 * 60, 20 * 60) for day in dice.sample(range(1, 8), k=dice.choice((3, 4, 5)))])
    return tuple(Slot(day, 8 * 60 + 30, 17 * 60 + 30) for day in range(1, 6))
