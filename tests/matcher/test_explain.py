"""The reason is made of what the score was made of: each criterion speaks when it has something to say, and only while it weighs."""

import pytest

from matcher.ranking.criteria import CRITERIA, default_criteria
from matcher.ranking.explain import reason
from matcher.ranking.query import Query
from matcher.ranking.ranker import rank
from models.acquaintance import Served
from models.provider import Provider
from models.vocabulary import Credential
from models.workload import work_at
from tests.make import AT, organisation, services, social_worker, terms, volunteer, weights
from tests.matcher.city import CATALOGUE, asking, loaded

KNOWN = volunteer()
SERVED = [("居民满意", True), ("居民不满意", False)]


def said(provider: Provider, query: Query, **profile: float) -> str:
    found = rank(query, loaded(provider), CATALOGUE, weights(**(profile or default_criteria())), 1)
    return reason(found.candidates[0], found.view, CATALOGUE)


SENTENCES = [
    ("text", volunteer(terms=terms(化学=200)), asking(terms=terms(化学=150, 英语=100)), "资料里提到“化学”"),
    ("text", volunteer(terms=terms(化学=200, 英语=9)), asking(terms=terms(化学=150, 英语=100)), "资料里提到“化学”、“英语”"),
    ("acceptance", volunteer(answered=8, accepted_count=6), asking(), "派给过 8 单，接了 6 单"),
    ("balance", volunteer(recent_work=2.2 * work_at(AT)), asking(), "近来接过 2 单左右"),
    *(("continuity", KNOWN, asking(known=(Served(KNOWN.ref, content),)), f"服务过这位居民，{word}") for word, content in SERVED),
]


@pytest.mark.parametrize(("code", "provider", "query", "words"), SENTENCES)
def test_a_criterion_that_says_something_is_part_of_the_reason_while_it_weighs(
    code: str, provider: Provider, query: Query, words: str
) -> None:
    assert f"，{words}" in said(provider, query)
    assert words not in said(provider, query, **(default_criteria() | {code: 0.0}))


def test_where_nothing_is_known_nothing_is_said() -> None:
    plain = said(volunteer(), asking())
    assert plain == "能做“事项plumbing”，同一网格，就在附近，目前没有在手工单，能接 3 单，还没有居民评价。"
    assert all(each.default_weight > 0 for code, each in CRITERIA.items() if code != "party_member")


def test_a_word_within_a_longer_one_is_told_once_and_a_concept_is_not_a_word() -> None:
    held = terms(高中化学=200, 化学=190) + terms(**{"c:school_subjects": 180})
    assert "资料里提到“高中化学”，" in said(volunteer(terms=held), asking(terms=held))
    concept = terms(**{"c:school_subjects": 180})
    assert "资料里" not in said(volunteer(terms=concept), asking(terms=concept))


COUNSELLOR = {"services": services(counselling=1.0)}


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        (social_worker(credential=Credential.INTERMEDIATE, **COUNSELLOR), "有社会工作师资格，符合要求"),
        (social_worker(credential=Credential.SENIOR, **COUNSELLOR), "有高级社会工作师资格，高于要求的社会工作师"),
        (organisation(**COUNSELLOR), ""),
    ],
)
def test_a_required_credential_is_told_with_whether_it_is_the_one_asked_for_or_higher(provider: Provider, words: str) -> None:
    query = asking(services=services(counselling=1.0), credential_rank=Credential.INTERMEDIATE.rank)
    sentence = said(provider, query)
    assert words in sentence
    assert ("资格" in sentence) == bool(words)


def test_a_credential_that_nobody_asks_for_is_not_told() -> None:
    assert "资格" not in said(social_worker(credential=Credential.SENIOR), asking())


@pytest.mark.parametrize(("credential", "passes"), [(Credential.NONE, 0), (Credential.ASSISTANT, 0), (Credential.SENIOR, 1)])
def test_a_lower_credential_than_asked_is_excluded(credential: Credential, passes: int) -> None:
    query = asking(services=services(counselling=1.0), credential_rank=Credential.INTERMEDIATE.rank)
    found = rank(query, loaded(social_worker(credential=credential, **COUNSELLOR)), CATALOGUE, weights(), 1)
    assert (found.eligible, dict(found.excluded)) == (passes, {} if passes else {"credential": 1})
