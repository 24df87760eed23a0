"""Fast typists do not wait: not for a dialog to finish opening, and not for letters to arrive before they accept."""

from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from agent_assist.chats import Customer
from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from tests.tui.dialogs.host import Host


def burst(host: Host, *keys: str) -> None:
    """Keys that the terminal hands over in one go."""
    for key in keys:
        host.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_what_is_typed_while_a_dialog_opens_lands_in_its_first_field() -> None:
    host = Host(CustomerScreen(Customer(), is_new=True))
    async with host.run_test(size=(80, 24)) as pilot:
        host.pop_screen()
        host.push_screen(CustomerScreen(Customer(), is_new=True), host._answered)
        burst(host, *"赵女士", "ctrl+s")
        await pilot.pause()
        assert isinstance(host.answer, Customer)
        assert host.answer.name == "赵女士"


@pytest.mark.parametrize(
    ("dialog", "said"),
    [
        (lambda: CustomerScreen(Customer()), lambda answer: answer.name),
        (lambda: EditScreen("", "Reply"), str),
    ],
    ids=["form", "edit"],
)
async def test_accepting_does_not_overtake_the_letters_typed_just_before(
    dialog: Callable[[], Any], said: Callable[[Any], str]
) -> None:
    host = Host(dialog())
    async with host.run_test(size=(80, 24)) as pilot:
        burst(host, *"Amy", "ctrl+s")
        await pilot.pause()
        assert said(host.answer) == "Amy"
