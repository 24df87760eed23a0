"""From a question to a reply on the clipboard, as the agent meets it."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist import clipboard
from agent_assist.chats import Customer
from agent_assist.errors import NotSaved
from agent_assist.store import MemoryStore
from agent_assist.tui.desk.commands import finish_sending
from agent_assist.tui.shutdown import save_and_close
from tests.tui.standing import INCIDENT, NARROW, chat, desk, filled

WANTED = "王女士，您好。登录故障是我们的责任，非常抱歉。目前约 15% 的用户无法登录，预计 14:30 前恢复。"


async def test_pinyin_and_enter_put_the_filled_apology_on_the_clipboard(tmp_path: Path) -> None:
    """Eight keystrokes at most, in the small window, in any language of the interface."""
    store = filled()
    async with desk(tmp_path, store, size=NARROW) as at:
        await at.press(*"denglu", "enter")
        assert at.app.clipboard == WANTED
        sent = store.open_chats("小李")[0].sent
        assert [(one.text, one.phrase_id, one.facts_version, one.route) for one in sent] == [
            (WANTED, "login-apology", 1, "osc52")
        ]


async def test_the_message_names_the_customer_and_does_not_claim_what_nobody_confirmed(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "enter")
        assert "王女士" in at.said
        assert "unconfirmed" in at.said


@pytest.mark.process
async def test_a_clipboard_program_that_took_the_text_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "commands", lambda *_: [["cat"]])
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "enter")
        assert at.said == "Copied for 王女士: “Apology: cannot sign in”."


async def test_without_any_clipboard_the_text_is_shown_for_copying_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press(*"denglu", "enter")
        await at.until("copy the text by hand")
        assert "登录故障是我们的责任" in at.seen
        await at.press("escape")
        assert store.open_chats("小李")[0].sent[0].route == "shown"


async def test_after_copying_the_chat_is_free_for_the_next_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "enter")
        assert at.screen.state.chat.query == ""
        assert at.app.focused is not None
        assert at.app.focused.id == "search"
        assert "3 min" not in at.seen.splitlines()[0].split("Li Wei")[0], "this customer no longer waits"


async def test_a_reply_with_a_gap_is_not_copied_and_the_gap_is_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        assert "[优惠券金额?]" in at.seen
        await at.press("enter")
        assert at.app.clipboard == ""
        await at.press("2", "0", "enter")
        assert "送您一张" in at.seen
        assert "[优惠券金额?]" not in at.seen
        assert at.app.clipboard == "", "the person reads the filled reply before it goes out"


async def test_leaving_the_form_keeps_what_was_typed_and_copies_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "escape")
        assert at.app.clipboard == ""
        assert "20" in "".join(at.screen.state.chat.values.values())


async def test_a_reply_that_promises_something_is_logged_in_the_same_step(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "enter")
        await at.press("enter")
        await at.until("Log an offer to 王女士")
        await at.press("1", "ctrl+s")
        await at.settle()
        offers = store.offers()
        assert [(one.kind, one.money and one.money.minor, one.customer) for one in offers] == [
            ("coupon", 2000, "王女士")
        ]
        assert "送您一张" in offers[0].sentence
        assert len(store.open_chats("小李")[0].sent) == 1
        assert "on record" in at.said


async def test_a_sensitive_phrase_asks_and_enter_alone_does_not_copy_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("leaked")
        await at.press("enter")
        await at.until("Copy this reply for 王女士 all the same?")
        await at.press("enter")
        assert at.app.clipboard == ""
        await at.press("enter")
        await at.press("right", "enter")
        assert at.app.clipboard == "您的数据可能受到影响。"


async def test_an_eta_that_passes_while_one_reads_stops_the_copy_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu")
        at.clock.wait(minutes=30)
        await at.press("enter")
        assert at.app.clipboard == ""
        assert "Read the reply again" in at.said
        assert "预计 14:30 前恢复" not in at.seen


async def test_the_last_reply_stays_reachable(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "enter", "ctrl+y")
        await at.until("Last reply to 王女士")
        assert "登录故障是我们的责任" in at.seen


async def test_a_text_changed_by_hand_is_what_is_copied(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "ctrl+e")
        await at.press("!", "ctrl+s")
        assert "edited by hand" in at.seen
        await at.press("enter")
        assert at.app.clipboard == WANTED + "!"


async def test_we_are_repairing_is_stopped_once_the_repair_is_watched(tmp_path: Path) -> None:
    async with desk(tmp_path, filled(incident=replace(INCIDENT, status="monitoring"))) as at:
        await at.press(*"denglu")
        assert at.screen.state.phrase is not None
        assert at.screen.state.phrase.id == "login-code", "what may not be said now is not first"
        await at.press("down", "enter")
        await at.until("all the same?")
        assert "for another stage" in at.seen.replace("\n", " ")
        assert at.app.clipboard == ""


async def test_a_text_changed_by_hand_does_not_leave_with_the_name_it_was_written_for(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store, size=NARROW) as at:
        await at.press(*"denglu", "ctrl+e")
        await at.press("!", "ctrl+s", "f2")
        await at.press(*["backspace"] * 3, *"Zhao", "ctrl+s")
        await at.press("enter")
        await at.until("all the same?")
        assert "names 王女士" in at.seen.replace("\n", " ")
        assert "Zhao" in at.seen
        assert at.app.clipboard == ""
    assert store.open_chats("小李")[0].drafted_for == (Customer(name="王女士"),)


async def test_a_text_that_names_another_open_chat_is_stopped(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "ctrl+e")
        await at.press(*" Li Wei", "ctrl+s", "enter")
        await at.until("all the same?")
        assert at.app.clipboard == ""


async def test_a_value_typed_for_another_customer_is_stopped(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        await at.press("enter", "2", "0", "enter", "f2")
        await at.press(*["backspace"] * 3, *"Zhao", "ctrl+s")
        await at.press("enter")
        await at.until("all the same?")
        assert "20" in at.seen


async def test_a_store_that_fails_does_not_keep_the_reply_from_the_clipboard(tmp_path: Path) -> None:
    class Failing(MemoryStore):
        def record_sent(self, *_: object, **__: object) -> None:
            from agent_assist.errors import Refused

            raise Refused("The disk is full.")

    store = Failing()
    for one in filled().open_chats("小李"):
        store.save_chat("小李", one)
    async with desk(tmp_path, store) as at:
        await at.type("thank")
        await at.type("")
        await at.press(*["backspace"] * 5)
        await at.type("感谢")
        await at.press("enter")
        await at.settle()
        assert at.app.clipboard == "感谢您的理解。"
        assert "not recorded" in at.said
        assert "The disk is full." in at.said


async def test_the_reply_turns_to_the_other_language(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press(*"denglu", "ctrl+l")
        assert "Hi 王女士, we failed you" in at.seen


@pytest.mark.parametrize(
    ("query", "key", "reason"), [("感谢", "ctrl+l", "one language only"), ("", "ctrl+y", "Nothing was sent")]
)
async def test_a_key_that_does_not_work_now_says_why(tmp_path: Path, query: str, key: str, reason: str) -> None:
    async with desk(tmp_path) as at:
        await at.type(query)
        await at.press(key)
        assert reason in at.said


GIFTS = """
[[phrase]]
id = "gift"
title = { zh = "赠品", en = "A gift" }
text = { zh = "送您{{ gift }}，{{ note }}。", en = "Please take {{ gift }}, {{ note }}." }
[phrase.fields.gift]
label = { zh = "赠品", en = "Gift" }
control = "choice"
choices = { zh = ["一张优惠券", "一周会员"], en = ["a coupon", "a free week"] }
[phrase.fields.note]
label = { zh = "附言", en = "Note" }
"""


async def test_a_choice_follows_the_language_and_words_of_ones_own_stay(tmp_path: Path) -> None:
    chosen = chat("王女士", 0, values={"gift": "一周会员", "note": "Bo"}, query="gift", phrase_id="gift")
    async with desk(tmp_path, filled([chosen]), book=GIFTS) as at:
        assert at.reply == "送您一周会员，Bo。"
        await at.press("ctrl+l")
        assert at.reply == "Please take a free week, Bo."
        await at.press("ctrl+l")
        assert at.reply == "送您一周会员，Bo。"


class Away(MemoryStore):
    """A store whose record of what was sent cannot be written for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = True
        self.tries = 0
        for one in filled().open_chats("小李"):
            self.save_chat("小李", one)

    def record_sent(self, *given: Any, **more: Any) -> Any:
        self.tries += 1
        if self.is_away:
            raise NotSaved("The server does not answer.")
        return super().record_sent(*given, **more)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish_sending, "AGAIN", (0.001,) * 3)
    monkeypatch.setattr(finish_sending, "PATIENTLY", 0.02)


@pytest.mark.usefixtures("impatient")
async def test_a_reply_that_cannot_be_recorded_is_tried_until_it_is_and_shown_until_then(tmp_path: Path) -> None:
    store = Away()
    async with desk(tmp_path, store) as at:
        await at.type("感谢")
        await at.pilot.press("enter")
        await at.until("! not on record yet: 1")
        for _turn in range(200):
            if store.tries > 6:
                break
            await at.pilot.pause()
        assert store.tries > 6, "three tries were not the end"
        store.is_away = False
        await at.settle()
        assert [one.text for one in store.open_chats("小李")[0].sent] == ["感谢您的理解。"]
        assert "! not on record yet" not in at.seen
        assert at.said == "The reply to 王女士 is on record now."


@pytest.mark.usefixtures("impatient")
async def test_leaving_with_something_unrecorded_asks_first(tmp_path: Path) -> None:
    store = Away()
    async with desk(tmp_path, store) as at:
        await at.type("感谢")
        await at.pilot.press("enter")
        await at.until("! not on record yet: 1")
        await at.pilot.press("ctrl+q")
        await at.until("Sent, but not recorded yet: 王女士.")
        await at.pilot.press("enter")
        store.is_away = False
        await at.settle()
        assert at.app.screen is at.screen


async def test_the_key_to_leave_pressed_twice_asks_once(tmp_path: Path) -> None:
    async with desk(tmp_path, Away()) as at:
        await at.type("感谢")
        await at.pilot.press("enter")
        await at.until("! not on record yet: 1")
        await at.pilot.press("ctrl+q", "ctrl+q")
        await at.until("Sent, but not recorded yet: 王女士.")
        await at.pilot.press("enter")
        await at.pilot.pause()
        assert at.app.screen is at.screen


async def test_whoever_is_ended_with_something_unrecorded_reads_whose_it_was(tmp_path: Path) -> None:
    store = Away()
    async with desk(tmp_path, store) as at:
        await at.type("感谢")
        await at.pilot.press("enter")
        await at.until("! not on record yet: 1")
        app = at.app
    assert "王女士" in save_and_close(app, app.desk_screen.services)


async def test_after_copying_no_message_about_the_customer_before_is_left(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.screen.notify_user("About 王女士: the order was found.", "warning", 60)
        await at.press("alt+2")
        await at.press(*"denglu", "enter")
        await at.until_said("Li Wei")
        assert [notice.message for notice in at.app._notifications if "王女士" in notice.message] == []


async def test_the_short_form_is_one_key_away_and_stays_with_its_chat(tmp_path: Path) -> None:
    short = 'short = { zh = "登录故障，处理中。" }\n'
    book = '[[phrase]]\nid = "p-short"\ntitle = { zh = "登录故障" }\ntext = { zh = "您好，登录出了故障。" }\n' + short
    async with desk(tmp_path, filled(), book=book) as at:
        await at.type("denglu")
        await at.press("f12")
        assert "登录故障，处理中。" in at.seen
        assert "short form" in at.seen
        await at.press("enter")
        assert at.screen.state.chat.sent[-1].text == "登录故障，处理中。"
        await at.press("ctrl+n")
        await at.type("denglu")
        assert "您好，登录出了故障。" in at.seen
        await at.press("shift+tab", "alt+s")
        await at.type("denglu")
        assert "您好，登录出了故障。" in at.seen
