"""The data files: the catalogue is complete, the corpus reads, the places are those of the lists."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from models.place import CODE_LENGTHS, ancestry
from models.vocabulary import ProviderKind, RegionLevel
from seed.sources import (
    DEMO_DISTRICTS,
    GRIDS_A_COMMUNITY,
    HERE,
    catalogue_items,
    make_lexicon,
    pairs,
    provider_phrases,
    regions,
    training_needs,
    training_providers,
)  # fmt: skip

ITEMS = catalogue_items()
CODES = {item.code for item in ITEMS}
# Home services for the elderly as GB/T 43153-2023 groups them, and the categories of volunteer service on the national site
# (without 海外志愿服务 and 其他); beside each, items that stand for it.
CATEGORIES = {
    "生活照料": "meal_delivery bathing_care hospital_escort haircut home_cleaning",
    "基础照护": "bathing_care medication rehabilitation",
    "健康管理": "health_check medication",
    "探访关爱": "elder_visit",
    "精神慰藉": "counselling elder_visit",
    "委托代办": "errands government_errands",
    "适老化改造": "accessible_home assistive_devices",
    "社区服务": "small_repair property errands",
    "扶贫减贫": "hardship_relief donation",
    "支教助学": "tutoring after_school",
    "卫生健康": "health_check",
    "法律服务": "legal_advice",
    "环境保护": "waste_sorting public_cleaning",
    "科技科普": "reading_science smart_device",
    "文化艺术": "arts",
    "平安综治": "patrol neighbour_mediation",
    "文明风尚": "civic_talks",
    "交通引导": "traffic_guidance",
    "志愿消防": "fire_safety",
    "应急救援": "emergency_rescue",
    "禁毒宣传": "correction",
    "体育健身": "sports",
    "旅游服务": "guide",
    "关爱特殊群体": "child_support blind_support sign_language veterans",
    "大型活动": "event_support",
    "税收服务": "tax_finance",
    "疫情防控": "vaccination",
}


def test_the_catalogue_is_large_enough_and_each_item_is_told_with_examples_and_skills() -> None:
    assert len(ITEMS) >= 60
    assert [item.code for item in ITEMS if len(item.examples) < 8 or len(item.skills) < 5 or not item.covers] == []


@pytest.mark.parametrize("field", ["code", "name"])
def test_no_two_items_share_a_code_or_a_name(field: str) -> None:
    counts = Counter(getattr(item, field) for item in ITEMS)
    assert [value for value, count in counts.items() if count > 1] == []


def test_items_point_at_items_and_kinds_that_exist_and_state_sensible_numbers() -> None:
    for item in ITEMS:
        assert set(item.related) <= CODES - {item.code}, item.code
        assert item.who, item.code
        assert set(item.who) <= set(ProviderKind), item.code
        assert item.urgency in (1, 2, 3, 4), item.code
        assert item.people >= 1, item.code
        assert item.clock in ("life", "utility", "ordinary", "complex"), item.code


def test_the_categories_of_the_standards_are_all_served() -> None:
    assert {name: missing for name, codes in CATEGORIES.items() if (missing := set(codes.split()) - CODES)} == {}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / "places" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_regions_are_those_of_the_lists() -> None:
    found = regions()
    levels = Counter(region.level for region in found)
    streets, communities = rows("streets.csv"), rows("communities.csv")
    in_demo = sum(row["code"].startswith(DEMO_DISTRICTS) for row in communities)
    assert len(rows("districts.csv")) == 38
    assert (levels[RegionLevel.PROVINCE], levels[RegionLevel.CITY], levels[RegionLevel.DISTRICT]) == (3, 3, 38)
    assert levels[RegionLevel.STREET] == len(streets) == 563
    assert levels[RegionLevel.COMMUNITY] == len(communities) == 9_843
    assert levels[RegionLevel.GRID] == in_demo * GRIDS_A_COMMUNITY > 0
    assert len({region.code for region in found}) == len(found)


def test_every_region_hangs_on_its_parent_and_has_a_code_of_its_level() -> None:
    by_code = {region.code: region for region in regions()}
    for code, region in by_code.items():
        assert CODE_LENGTHS[len(code)] == region.level, code
        above = ancestry(code)[1:]
        assert region.parent == (above[0] if above else None), code
        assert region.parent is None or region.parent in by_code, code
        assert region.name, code


def test_points_are_the_same_every_time_lie_near_their_district_and_say_that_they_are_scattered() -> None:
    first, second = regions(), regions.__wrapped__()
    assert first == second
    by_code = {region.code: region for region in first}
    for region in first:
        exact = region.level in (RegionLevel.PROVINCE, RegionLevel.DISTRICT)
        assert region.approximate is not exact, region.code
        district = by_code.get(region.code[:6]) if len(region.code) > 6 else None
        if district and district.point:
            assert region.point is not None, region.code
            assert region.point.distance_km(district.point) < 5.0 + 1.2 + 0.25 + 0.1, region.code


def test_the_corpus_reads_and_names_items_of_the_catalogue() -> None:
    needs, providers = training_needs(), training_providers()
    assert len(provider_phrases()) == len(providers)
    for example in (*needs, *providers):
        assert set(example.codes) <= CODES, example
        assert example.text == example.text.strip() != "", example
    assert {example.urgency for example in needs} == {1, 2, 3, 4}
    assert all(example.people and example.people >= 1 for example in needs)
    assert {example.codes[0] for example in needs} == {example.codes[0] for example in providers} == CODES


def test_no_sentence_occurs_twice() -> None:
    """Skills are words, not sentences: two writers may know the same one."""
    sentences = [example.text for example in training_needs()] + [text for _, kind, text in provider_phrases() if kind == "bio"]
    assert [text for text, count in Counter(sentences).items() if count > 1] == []


def test_a_broken_line_is_named_by_file_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus" / "drain"
    folder.mkdir(parents=True)
    (folder / "needs.z.tsv").write_text("2\t1\t\tplain\t堵了\n2\t1\t堵了\n", encoding="utf-8")
    monkeypatch.setattr("seed.sources.HERE", tmp_path)
    with pytest.raises(ValueError, match=r"needs\.z\.tsv:2: 3 columns, wanted 5"):
        training_needs()


def test_the_demo_needs_are_many_distinct_and_speak_of_known_items() -> None:
    needs = pairs("demo/needs.tsv")
    assert len({row[4] for row in needs}) == len(needs) >= 300
    assert {code for row in needs for code in row[0].split(",")} <= CODES


def test_the_demo_needs_and_people_are_not_lines_of_the_corpus() -> None:
    """The demo shows what the model makes of sentences it has not seen."""
    learned = {example.text for example in training_needs()}
    assert [row[4] for row in pairs("demo/needs.tsv") if row[4] in learned] == []


def test_the_lexicon_reads_dialect_and_slips_and_finds_their_concepts() -> None:
    lexicon = make_lexicon()
    assert lexicon.reading("俺家水笼头坏了") == "我家水龙头坏了"
    assert "water_fixture" in lexicon.concepts("俺家水笼头坏了")
    assert "urgency_4" in lexicon.concepts("人没呼吸了")
    assert lexicon.concepts("嗯") == []
