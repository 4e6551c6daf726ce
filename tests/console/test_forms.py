"""What a form sends comes to the schemas as JSON would have said it."""

import pytest

from api.console.forms import Typed, folded
from api.parsing import shaped
from models.dispatching import Mode
from models.errors import InvalidInputError
from models.need import NeedPosting
from models.provider import Contact
from models.schemas.needs import CorrectionShape, EvaluationShape, NeedShape
from models.schemas.orders import OfferShape
from models.schemas.weights import WeightsShape
from models.vocabulary import Language, ProviderKind
from tests.conftest import GRID


def test_a_needs_form_becomes_a_posting_and_empty_boxes_say_nothing() -> None:
    typed = Typed(
        [
            ("text", "水管漏了"), ("region", GRID), ("contact.phone", "00012345678"), ("contact.name", ""), ("urgency", ""),
            ("people", " 2 "), ("window.from", "2027-03-01T09:00"), ("window.to", "2027-03-01T11:00"), ("point.lng", ""),
            ("point.lat", ""), ("constraints.languages", "wuhan"), ("constraints.languages", "sign"),
            ("constraints.party_member", "false"), ("constraints.party_member", "true"),
        ]
    )  # fmt: skip
    posting = shaped(NeedShape(), folded(NeedShape(), typed))
    assert isinstance(posting, NeedPosting)
    assert (posting.contact, posting.people, posting.urgency, posting.point) == (Contact("", "00012345678", ""), 2, None, None)
    assert posting.window is not None
    assert posting.window.from_at.isoformat() == "2027-03-01T01:00:00+00:00"
    assert posting.constraints is not None
    assert (posting.constraints.languages, posting.constraints.party_member) == ((Language.WUHAN, Language.SIGN), True)


def test_providers_stand_as_kind_and_id_and_lists_of_objects_by_number() -> None:
    typed = Typed(
        [
            ("mode", "team"), ("provider", "volunteer:abc"), ("providers", "volunteer:a"), ("providers", "organisation:b"),
            ("roles.0.role", "组长"), ("roles.0.party_member", "true"), ("roles.2.role", "社工"), ("roles.2.kind", "social_worker"),
        ]
    )  # fmt: skip
    offer = shaped(OfferShape(), folded(OfferShape(), typed))
    assert offer["mode"] == Mode.TEAM
    assert offer["provider"] == {"kind": ProviderKind.VOLUNTEER, "id": "abc"}
    assert [each["id"] for each in offer["providers"]] == ["a", "b"]
    assert [(role.name, role.party_member) for role in offer["roles"]] == [("组长", True), ("社工", False)]


def test_weights_are_named_each_by_their_criterion() -> None:
    typed = Typed([("criteria.skill", "1.5"), ("criteria.location", "0"), ("version", "3")])
    assert shaped(WeightsShape(), folded(WeightsShape(), typed)).criteria == {"skill": 1.5, "location": 0.0}


def test_what_is_left_out_of_a_change_stays_and_an_empty_list_is_one() -> None:
    assert folded(CorrectionShape(), Typed([("urgency", "3")])) == {"urgency": 3}
    assert folded(CorrectionShape(), Typed([("services", ""), ("confirmed", "true")])) == {"services": [], "confirmed": True}


@pytest.mark.parametrize(
    ("pairs", "field"),
    [
        ([("responded", "maybe")], "responded"),
        ([("score", "５")], "score"),
        ([("score", "")], "score"),
        ([("nonsense", "1")], "nonsense"),
        ([("score", "1"), ("score", "2")], "score"),
        ([("comment.x", "1")], "comment.x"),
    ],
)
def test_what_does_not_fit_is_refused_under_the_name_it_was_typed_under(pairs: list[tuple[str, str]], field: str) -> None:
    right = {"responded": "true", "resolved": "true", "satisfied": "true", "score": "5"}
    typed = Typed([*(pair for pair in right.items() if pair[0] not in dict(pairs)), *pairs])
    with pytest.raises(InvalidInputError) as refused:
        shaped(EvaluationShape(), folded(EvaluationShape(), typed))
    assert set(refused.value.fields) == {field}
