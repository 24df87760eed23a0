"""Fast typists do not wait for a dialog: what they type after the key that asks for it is the dialog's."""

from pathlib import Path

from textual import events

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
        assert at.screen.sitting.chat.customer.name == "钱先生"
        assert [chat.query for chat in at.screen.sitting.slots.chats] == ["", "", "tui"]


async def test_letters_typed_while_a_reply_goes_out_are_the_next_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        burst(at, *"denglu", "enter", *"tuikuan")
        await at.settle()
        assert at.app.clipboard.startswith("王女士")
        assert at.screen.sitting.chat.query == "tuikuan"


async def test_enter_twice_copies_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        burst(at, *"denglu", "enter", "enter")
        await at.settle()
        assert len(at.screen.sitting.chat.sent) == 1
