"""Fast typists do not wait for a dialog: what they type after the key that asks for it is the dialog's."""

import asyncio
from pathlib import Path

import pytest
from textual import events

from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from tests.tui.standing import Standing, desk


def burst(at: Standing, *keys: str) -> None:
    """Keys that the terminal hands over in one go."""
    for key in keys:
        at.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_a_name_typed_right_after_the_key_for_a_new_chat_is_its_customers(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        burst(at, "ctrl+t", *"钱先生", "ctrl+s")
        await at.until("3 钱先生")
        await at.settle()
        await at.type("tui")
        assert at.screen.state.chat.customer.name == "钱先生"
        assert [chat.query for chat in at.screen.state.chat_tabs.chats] == ["", "", "tui"]


async def test_letters_typed_while_a_reply_goes_out_are_the_next_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        burst(at, *"denglu", "enter", *"tuikuan")
        await at.settle()
        assert at.app.clipboard.startswith("王女士")
        assert at.screen.state.chat.query == "tuikuan"


async def test_enter_twice_copies_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        burst(at, *"denglu", "enter", "enter")
        await at.settle()
        assert len(at.screen.state.chat.sent) == 1


async def test_the_time_of_an_earlier_step_does_not_cut_short_the_waiting_for_a_dialog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_assist.tui.command_screen.KEY_HOLD_SECONDS", 0.5)
    async with desk(tmp_path) as at:

        async def quick() -> None:
            pass

        async def slow() -> None:
            await asyncio.sleep(0.4)
            await at.screen.ask(CustomerScreen(at.screen.state.chat.customer, is_new=True))

        at.screen.run_command(quick())
        await asyncio.sleep(0.2)
        at.screen.run_command(slow())
        await asyncio.sleep(0.35)
        burst(at, *"Zoe")
        await at.until("Zoe")
        assert at.screen.state.chat.query == ""
