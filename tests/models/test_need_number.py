"""The number that people say for a need: short, checked by its last digit, one of its kind."""

import pytest

from models.need_number import LENGTH, is_right, new_number, plain, spoken
from models.store import Store
from models.store.conflict import RevisionConflict
from models.store.numbering import give_numbers
from tests.make import need


def test_a_wrong_digit_and_two_exchanged_neighbours_are_always_noticed() -> None:
    for number in (new_number() for _ in range(50)):
        assert len(number) == LENGTH
        assert number[0] != "0"
        assert is_right(number)
        slips = {number[:at] + digit + number[at + 1 :] for at in range(LENGTH) for digit in "0123456789"}
        slips |= {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(LENGTH - 1)}
        assert [slip for slip in slips - {number} if is_right(slip)] == []


@pytest.mark.parametrize("typed", ["4827 3915", "48-27-39-15", "４８２７３９１５", "4827\u30003915", "4827.3915"])
def test_however_it_is_typed_it_is_the_same_number(typed: str) -> None:
    assert plain(typed) == "48273915"
    assert spoken("48273915") == "4827 3915"


def test_what_is_no_such_number_stays_as_it_was() -> None:
    assert [plain(text) for text in ("1234 567", "0197f0c1-aa", "1" * 13, "４８２")] == [
        "1234 567",
        "0197f0c1-aa",
        "1" * 13,
        "４８２",
    ]


async def test_needs_of_an_older_version_are_given_numbers_once_and_stay_what_they_are(store: Store) -> None:
    """Those in hand too: an acknowledged need can be asked for by number from then on, and its id still finds it."""
    old, kept = [need() for _ in range(30)], need(number=new_number())
    for each in [*old, kept]:
        await store.needs.add(each)
    await store.database["needs"].update_many({"number": ""}, {"$unset": {"number": ""}})
    assert await give_numbers(store.database) == len(old)
    assert await give_numbers(store.database) == 0
    read = [await store.needs.get(each.id) for each in old]
    numbers = [each.number for each in read if each]
    assert len(set(numbers)) == len(old)
    assert all(map(is_right, numbers))
    assert [found.id for number in numbers if (found := await store.needs.numbered(number))] == [each.id for each in old]
    assert await store.needs.get(kept.id) == kept


async def test_a_number_that_somebody_was_quicker_to_take_asks_for_another_draw(store: Store) -> None:
    first = need(number=await store.needs.free_number())
    await store.needs.add(first)
    with pytest.raises(RevisionConflict) as caught:
        await store.needs.add(need(number=first.number))
    assert caught.value.has_error_label("TransientTransactionError")
