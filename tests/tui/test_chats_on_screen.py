"""Several chats at once: never mixed, never lost."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace
from textual import events

from agent_assist.chats import Chat, Customer
from agent_assist.errors import NotSaved
from agent_assist.store import MemoryStore, SaveOutcome
from agent_assist.tui.desk.state import DeskState
from tests.tui.standing import NARROW, chat, desk, filled


async def test_each_chat_keeps_its_own_query_and_reply(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.press("alt+2")
        assert at.screen.query_one("#search").value == ""  # type: ignore[attr-defined]
        await at.type("coupon")
        assert "Li Wei, please take a" in at.reply
        assert "王女士" not in at.reply
        await at.press("alt+1")
        assert at.screen.query_one("#search").value == "denglu"  # type: ignore[attr-defined]
        assert "王女士，您好。登录故障是我们的责任" in at.reply


async def test_values_typed_for_one_customer_do_not_fill_anothers_reply(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "enter")
        assert "送您一张 20" in at.reply
        await at.press("tab")
        await at.type("coupon")
        assert "[Coupon amount?]" in at.reply


async def test_keys_other_than_alt_go_round_the_chats(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        for key in ("ctrl+n", "tab", "ctrl+pagedown", "shift+tab", "ctrl+pageup"):
            before = at.screen.state.chat.customer.name
            await at.press(key)
            now = at.screen.state.chat.customer.name
            assert now != before
            assert f" {now} 3 min◂" in at.seen


async def test_alt_and_a_digit_is_never_typed_into_the_box(tmp_path: Path) -> None:
    """Terminals send it as Escape and the digit; Textual hands it on with the digit as its character."""
    async with desk(tmp_path) as at:
        at.app.post_message(events.Key("alt+2", "2"))
        await at.settle()
        assert "▸2 Li Wei" in at.seen
        assert at.screen.state.chat.query == ""


async def test_letters_typed_right_after_changing_the_chat_belong_to_the_new_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        for key in ("d", "alt+2", *"sign", "ctrl+n", *"en"):
            at.app.post_message(events.Key(key, key[-1] if "ctrl" not in key else None))
        await at.settle()
        assert [one.query for one in at.screen.state.chat_tabs.chats] == ["den", "sign"]


async def test_a_new_chat_asks_for_the_customer_and_is_kept(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press("ctrl+t")
        await at.until("New chat")
        await at.press(*"Amy", "ctrl+s")
        assert "▸3 Amy" in at.seen
        at.screen.sync.save_now()
        await at.settle()
        assert [one.customer.name for one in store.open_chats("小李")] == ["王女士", "Li Wei", "Amy"]


async def test_renaming_a_customer_changes_the_reply_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.press("f2", *["backspace"] * 3, *"Bo", "ctrl+s")
        assert "Bo，您好。" in at.reply


async def test_closing_an_unfinished_chat_asks_first(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0, edited="您好", phrase_id="login-apology"), chat("陈先生", 1)])
    async with desk(tmp_path, store) as at:
        await at.press("f4")
        await at.until("Close the chat with 王女士?")
        await at.press("enter")
        assert "王女士" in at.seen.splitlines()[0]
        await at.press("f4", "right", "enter")
        assert "王女士" not in at.seen.splitlines()[0]
        assert [one.customer.name for one in store.open_chats("小李")] == ["陈先生"]


async def test_closing_the_last_chat_leaves_an_empty_one(tmp_path: Path) -> None:
    async with desk(tmp_path, filled([chat("王女士", 0)])) as at:
        await at.press("f4")
        assert "▸1 (no name)" in at.seen


async def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    """What a crash leaves is what was stored a moment after the last key; the first desk is never closed properly."""
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press(*"denglu", "ctrl+e")
        await at.press("!", "ctrl+s")
        await at.press("alt+2")
        await at.type("coupon")
        at.screen.sync.save_now()
        await at.settle()
    async with desk(tmp_path, store) as at:
        assert "Li Wei, please take a" in at.reply
        assert "✎" in at.seen.splitlines()[0]
        await at.press("alt+1")
        assert "预计 14:30 前恢复。!" in at.reply


async def test_what_was_typed_before_the_database_answered_is_not_lost(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        state = at.screen.state
        stored = state.chat_tabs.chats
        DeskState.__init__(state, at.screen.services)  # the desk as it is before the first answer
        state.read(at.screen.services.library)
        await at.type("den")
        state.restore(stored, state.incidents)
        assert state.chat.query == "den"
        assert state.chat.customer.name == "王女士"


async def test_a_store_that_cannot_write_is_said_and_the_drafts_stay_on_the_desk(tmp_path: Path) -> None:
    class Full(MemoryStore):
        def save_chat(self, agent: str, chat: Chat, **more: Any) -> SaveOutcome:
            raise NotSaved("The disk is full.")

    async with desk(tmp_path, Full()) as at:
        await at.type("denglu")
        at.screen.sync.save_now()
        await at.settle()
        assert "Drafts are kept on this machine" in at.said
        assert at.screen.state.unsaved


async def test_a_customers_name_that_looks_like_markup_or_a_command_is_only_text(tmp_path: Path) -> None:
    bad = chat("[/退款][b]A1", 0)
    async with desk(tmp_path, filled([bad])) as at:
        await at.press(*"denglu", "enter")
        assert "[/退款][b]A1" in at.app.clipboard
        assert "[/退款][b]A1" in at.seen.splitlines()[0]
        assert "[/退款]" in at.said


async def test_a_name_with_what_a_terminal_obeys_is_shown_marked_and_not_copied_unasked(tmp_path: Path) -> None:
    async with desk(tmp_path, filled([chat("王女士\x1b]52;c;AAAA\x07", 0)])) as at:
        await at.press(*"denglu", "enter")
        assert "all the same?" in at.seen
        assert at.app.clipboard == ""
        assert "\x1b" not in at.seen
        assert "王女士␛]52" in at.seen


async def test_in_a_narrow_window_every_name_is_still_there(tmp_path: Path) -> None:
    many = [replace(chat(f"客户{n}", n), customer=Customer(name=f"客户{n}")) for n in range(8)]
    async with desk(tmp_path, filled(many), size=NARROW) as at:
        await at.press("alt+8")
        assert "▸8 客户7" in at.seen


async def test_the_desk_opens_again_at_the_chat_where_it_was_left(tmp_path: Path) -> None:
    store = filled([chat(name, place) for place, name in enumerate(("王女士", "Li Wei", "陈先生"))])
    async with desk(tmp_path, store) as at:
        assert "▸1 王女士" in at.seen
        for key in ("alt+3", "alt+2"):
            at.clock.wait(seconds=1)
            await at.press(key)
        at.screen.sync.save_now()
        await at.settle()
    async with desk(tmp_path, store) as at:
        assert "▸2 Li Wei" in at.seen
