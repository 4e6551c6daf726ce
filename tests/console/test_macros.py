"""The shared pieces of the templates, each as a page would use it."""

from collections.abc import Callable
from datetime import timedelta

import aiohttp_jinja2
import pytest
from aiohttp import web

from api.console.forms import NOTHING, Typed
from api.console.rendering import install
from models.need_states import NeedStatus
from models.order import OrderStatus
from models.stations import stations_of
from tests.make import AT, need, order

Show = Callable[..., str]
PIECES = "field, area, choice, tick, pick, status, urgency, empty, pager, button, parts, instant, countdown, stations"


@pytest.fixture
def show() -> Show:
    app = web.Application()
    install(app, lambda role: [])
    env = aiohttp_jinja2.get_env(app)

    def shown(piece: str, typed: Typed = NOTHING, errors: dict[str, list[str]] | None = None, **context: object) -> str:
        text = f"{{% from 'macros.html' import {PIECES} with context %}}{piece}"
        return env.from_string(text).render(typed=typed, errors=errors or {}, problem=None, now=AT, form_key="k", **context)

    return shown


def test_a_field_shows_what_was_typed_and_what_is_wrong_tied_to_it_for_those_who_listen(show: Show) -> None:
    typed = Typed([("contact.phone", '"><b>')])
    text = show("{{ field('contact.phone', '电话', help='只有他看得到') }}", typed, {"contact.phone": ["太短"]})
    assert 'value="&#34;&gt;&lt;b&gt;"' in text
    assert 'aria-describedby="f-contact-phone-help f-contact-phone-error"' in text
    assert 'id="f-contact-phone-error"' in text
    assert "太短" in text
    assert "secret" not in show("{{ field('password', '密码', type='password') }}", Typed([("password", "secret")]))


def test_choices_keep_what_was_chosen_and_begin_with_their_default(show: Show) -> None:
    piece = "{{ choice('urgency', '急不急', [(1, '不急'), (4, '紧急')], value=4) }}"
    assert '<option value="4" selected>' in show(piece)
    assert '<option value="1" selected>' in show(piece, Typed([("urgency", "1")]))
    piece = "{{ tick('party_member', '党员', value=true) }}"
    assert " checked" in show(piece)
    assert " checked" not in show(piece, Typed([("party_member", "false")]))
    piece = "{{ pick('score', '打分', [(1, '1'), (5, '5')], value=none, required=true) }}"
    assert " checked" not in show(piece)
    assert 'value="5" required checked' in show(piece, Typed([("score", "5")]))


def test_every_status_has_a_badge_with_its_word(show: Show) -> None:
    for term in (*NeedStatus, *OrderStatus):
        assert "state-" in show("{{ status(term) }}", term=term)
    assert "紧急" in show("{{ urgency(4) }}")


def test_a_bar_of_parts_is_read_out_and_needs_no_style(show: Show) -> None:
    text = show("{{ parts([('技能', 0.4, 0), ('距离', 0.25, 11)], '得分') }}")
    assert 'aria-label="得分：技能 40%，距离 25%"' in text
    assert 'class="part-1" x="40.0" width="25.0"' in text
    assert "style" not in text


def test_a_button_asks_first_where_it_should_and_pages_go_on(show: Show) -> None:
    assert "<details" not in show("{{ button('/x', '接单') }}")
    asked = show("{{ button('/x', '撤回', ask='真的撤回吗？', hidden={'version': 3}) }}")
    assert all(part in asked for part in ("<details", "真的撤回吗？", 'name="version" value="3"', 'action="/x"'))
    assert "cursor=abc&amp;unread=true" in show("{{ pager('/x', 'abc', {'unread': 'true'}) }}").replace(
        "unread=true&amp;cursor=abc", "cursor=abc&amp;unread=true"
    )
    assert show("{{ pager('/x', none) }}").strip() == ""
    assert "没有了" in show("{{ empty('没有了') }}")


def test_times_count_down_and_stations_say_where_one_stands(show: Show) -> None:
    assert "还剩 42 分钟" in show("{{ countdown(at) }}", at=AT + timedelta(minutes=42))
    assert "clock-over" in show("{{ countdown(at) }}", at=AT - timedelta(minutes=1))
    line = show("{{ stations(line) }}", line=stations_of(need(status=NeedStatus.OFFERED), [order()]))
    assert line.count("station-passed") == 3
    assert line.count('aria-current="step"') == 1
