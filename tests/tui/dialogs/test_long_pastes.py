"""A paste of any length leaves every field quick: each key and each paint cost what the field holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Input, TextArea

from agent_assist.chats import Customer
from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
from agent_assist.tui.desk.offer_prefill import OfferPrefill
from agent_assist.tui.forms.form import FormScreen
from agent_assist.tui.forms.line_input import MAX_LINE, MAX_TEXT, MAX_WORDS
from agent_assist.tui.forms.text_area import MAX_LENGTH, MAX_LINE_LENGTH
from agent_assist.tui.widgets.palette import MAX_NAME_LENGTH as MAX_NAME
from tests.tui.dialogs.host import Host, chat, incident, paste
from tests.tui.standing import desk

LONG = "登录不上了，退款。\n" * 36_000


def offer() -> OfferScreen:
    return OfferScreen(chat=chat(), incident=incident(), prefill=OfferPrefill("coupon", "You get", "20"))


@pytest.mark.parametrize(
    ("dialog", "field", "most"),
    [
        (lambda: CustomerScreen(Customer()), "name", MAX_LINE),
        (offer, "reason", MAX_WORDS),
        (offer, "sentence", MAX_TEXT),
        (lambda: EditScreen("", "Reply"), "", MAX_LENGTH),
    ],
)
async def test_a_field_takes_so_much_of_a_paste_and_says_what_is_cut(
    dialog: Callable[[], Screen[Any]], field: str, most: int
) -> None:
    host = Host(dialog())
    async with host.run_test(size=(100, 40)) as pilot:
        if isinstance(host.screen, FormScreen):
            host.screen.field(field).focus_answer()
            await pilot.pause()
        for _time in range(2):
            await paste(pilot, LONG)
            assert len(text_of(host.focused)) == most
        assert any("are taken" in one.message for one in host._notifications)
        await pilot.press("backspace", "backspace")
        await paste(pilot, "ABC")
        assert text_of(host.focused).endswith("AB")


async def test_one_line_without_end_is_cut_sooner() -> None:
    host = Host(EditScreen("", "Reply"))
    async with host.run_test(size=(100, 40)) as pilot:
        await paste(pilot, "Hello\n" + "a" * 200_000 + "\nBye")
        assert text_of(host.focused) == "Hello\n" + "a" * MAX_LINE_LENGTH


def text_of(field: object) -> str:
    assert isinstance(field, Input | TextArea)
    return field.value if isinstance(field, Input) else field.text


async def test_the_list_of_commands_looks_for_no_more_than_a_name(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press("ctrl+p")
        await paste(at.pilot, LONG)
        assert len(text_of(at.app.focused)) <= MAX_NAME
