"""From what went wrong to what is answered: neither half of the table may be missing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError

from api.errors import STATUSES, problem_of
from models import errors as e
from models.schemas.answers import ProblemAnswer
from models.store import UNAVAILABLE
from tests.api.support import CHINESE

ROOT = Path(e.__file__).parent.parent
SOURCE = "\n".join(
    path.read_text("utf-8") for folder in ("api", "matcher", "models", "seed") for path in sorted((ROOT / folder).rglob("*.py"))
)


def family(base: type[e.SandanError]) -> Iterator[type[e.SandanError]]:
    for each in base.__subclasses__():
        yield each
        yield from family(each)


def test_every_error_has_a_status_and_every_status_an_error() -> None:
    assert set(STATUSES) == set(family(e.SandanError))


@pytest.mark.parametrize("error", STATUSES)
def test_every_error_in_the_table_is_raised_somewhere(error: type[e.SandanError]) -> None:
    assert re.search(rf"raise (e\.|errors\.)?{error.__name__}\b", SOURCE)


def test_no_two_errors_share_a_code_and_each_status_is_an_error() -> None:
    codes = [error.code for error in STATUSES]
    assert len(set(codes)) == len(codes)
    assert all(400 <= status < 600 for status in STATUSES.values())


def test_what_is_raised_says_why_in_chinese() -> None:
    names = "|".join(error.__name__ for error in STATUSES)
    said = re.findall(rf"\b(?:{names})\(\s*f?\"([^\"]+)\"", SOURCE)
    assert len(said) > 20
    assert [detail for detail in said if not CHINESE.search(detail)] == []


@pytest.mark.parametrize("error", STATUSES)
def test_every_error_comes_in_the_one_envelope(error: type[e.SandanError]) -> None:
    response = problem_of(error("不行"), "id-1")
    assert (response.status, response.content_type) == (STATUSES[error], "application/problem+json")
    body = json.loads(response.body)  # type: ignore[arg-type]
    assert ProblemAnswer().validate(body) == {}
    assert {key: body[key] for key in ("type", "status", "code", "detail", "request_id")} == {
        "type": "about:blank",
        "status": STATUSES[error],
        "code": error.code,
        "detail": "不行",
        "request_id": "id-1",
    }
    assert ("WWW-Authenticate" in response.headers) == (error is e.UnauthenticatedError)
    assert ("Retry-After" in response.headers) == (error in (e.StoreUnavailableError, e.CallInProgressError, e.SignInBusyError))


def test_facts_and_fields_stand_in_the_envelope() -> None:
    stale = json.loads(problem_of(e.StaleVersionError("旧了", present_version=3), "x").body)  # type: ignore[arg-type]
    assert stale["present_version"] == 3
    invalid = json.loads(problem_of(e.InvalidInputError("有误", {"text": ["不能为空"]}), "x").body)  # type: ignore[arg-type]
    assert invalid["fields"] == {"text": ["不能为空"]}


def test_what_the_driver_raises_when_the_server_is_away_counts_as_unavailable() -> None:
    assert issubclass(AutoReconnect, UNAVAILABLE)
    assert issubclass(ServerSelectionTimeoutError, UNAVAILABLE)
