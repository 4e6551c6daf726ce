"""The drawings in the README are those of the tables."""

from pathlib import Path

import pytest

from models.drawing import draw_called_unit, draw_need, draw_order, draw_whistle
from models.need_states import NEED_TRANSITIONS, NeedAction, NeedStatus
from models.order import ORDER_TRANSITIONS, OrderStatus

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
@pytest.mark.parametrize("draw", [draw_need, draw_order, draw_whistle, draw_called_unit])
def test_the_readme_shows_the_tables_as_they_are(readme: str, draw: object) -> None:
    assert callable(draw)
    assert f"```mermaid\n{draw()}\n```" in (ROOT / readme).read_text(encoding="utf-8")


def test_every_step_of_an_order_is_an_arrow() -> None:
    drawing = draw_order()
    for (start, _), end in ORDER_TRANSITIONS.items():
        assert f"    {start} --> {end}: " in drawing
    assert [status for status in OrderStatus if f"    {status}: " not in drawing] == []


def test_every_way_of_a_need_is_an_arrow_but_for_those_that_lead_away_from_everywhere() -> None:
    drawing = draw_need()
    for start, ends in NEED_TRANSITIONS[NeedAction.HAND_BACK].items():
        for end in ends - {start}:
            assert (f"    {start} --> {end}: " in drawing) is (start != NeedStatus.SUSPENDED)
    assert "suspended" not in drawing
    assert "cancelled" not in drawing
