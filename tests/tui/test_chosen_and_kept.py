"""Enter copies what was chosen and seen, once; what was typed stays until it is sent; numbers stay with customers."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.chats import Customer, numbered
from tests.tui.standing import LI, NARROW, SMALL, WANG, chat, desk, filled

CODE = "王女士，请等一分钟再试一次。"
THANKS = "感谢您的理解。"


async def test_a_second_enter_right_after_a_copy_does_nothing_and_says_so(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        at.by_its_clock()
        await at.type("验证码")
        await at.press("enter", "enter")
        assert at.app.clipboard == CODE
        assert "“The sign-in code does not arrive" in at.said
        assert "a moment ago; this Enter did nothing" in at.said
        assert len(store.open_chats("小李")[0].sent) == 1


async def test_a_key_that_is_held_down_never_becomes_a_second_reply(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        at.by_its_clock()
        await at.type("验证码")
        for _turn in range(30):
            await at.pilot.press("enter")
            at.clock.wait(seconds=0.05)
        await at.settle()
        assert at.app.clipboard == CODE
        assert len(store.open_chats("小李")[0].sent) == 1


async def test_what_is_typed_right_after_a_copy_is_a_new_reply(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("验证码")
        await at.press("enter")
        await at.type("感谢")
        await at.press("enter")
        assert at.app.clipboard == THANKS
        assert len(store.open_chats("小李")[0].sent) == 2


async def test_in_an_empty_box_enter_first_chooses_what_is_only_proposed(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.by_its_clock()
        proposed = at.reply
        await at.press("enter", "enter")
        assert at.app.clipboard == ""
        assert "Nothing was chosen yet. Enter copies “Apology: cannot sign in" in at.said
        at.clock.wait(seconds=0.35)
        await at.press("enter")
        assert at.app.clipboard == proposed


async def test_what_was_proposed_in_a_chat_is_not_chosen_by_going_away_and_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.by_its_clock()
        await at.press("alt+2", "alt+1", "enter")
        assert at.app.clipboard == ""
        at.clock.wait(seconds=0.35)
        await at.press("enter")
        assert at.app.clipboard != ""


async def test_the_message_names_customer_and_phrase(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("验证码")
        await at.press("enter")
        assert "王女士" in at.said
        assert "The sign-in code does not arrive" in at.said


async def test_in_a_small_window_enter_first_shows_the_reply(tmp_path: Path) -> None:
    async with desk(tmp_path, size=SMALL) as at:
        at.by_its_clock()
        await at.type("验证码")
        assert CODE not in at.seen
        assert "Enter Read" in at.seen
        await at.press("enter")
        assert at.app.clipboard == ""
        assert CODE in at.seen
        assert "Enter Copy" in at.seen
        await at.pilot.press("enter")
        assert at.app.clipboard == "", "nobody reads that fast"
        at.clock.wait(seconds=0.35)
        await at.press("enter")
        assert at.app.clipboard == CODE


async def test_what_the_facts_cover_is_not_copied(tmp_path: Path) -> None:
    async with desk(tmp_path, size=NARROW) as at:
        at.by_its_clock()
        await at.type("验证码")
        await at.press("ctrl+g", "enter")
        assert at.app.clipboard == ""
        at.clock.wait(seconds=0.35)
        await at.press("enter")
        assert at.app.clipboard == CODE


async def test_in_a_window_that_shows_nothing_enter_copies_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("验证码")
        await at.pilot.resize_terminal(30, 8)
        await at.settle()
        await at.press("enter")
        assert at.app.clipboard == ""


async def test_a_draft_survives_another_reply_and_comes_back(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        await at.press("ctrl+e", *"mine", "ctrl+s")
        await at.type("x")
        await at.press(*["backspace"] * 7)
        await at.type("验证码")
        await at.press("enter")
        assert at.app.clipboard == CODE
        assert "✎" in at.seen.splitlines()[0]
        assert at.reply.endswith("mine"), "the draft stands in the empty box again"
        at.screen.sync.save_now()
        await at.settle()
    async with desk(tmp_path, store) as at:
        assert at.reply.endswith("mine")
        await at.press("enter")
        assert at.app.clipboard.endswith("mine")
        assert "✎" not in at.seen.splitlines()[0]


async def test_filled_values_survive_another_reply_and_come_back_with_their_phrase(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        await at.press("enter", *"20", "enter")
        await at.press(*["backspace"] * 6)
        await at.type("感谢")
        await at.press("enter")
        assert at.app.clipboard == THANKS
        assert "送您一张 20" in at.reply
        assert at.screen.state.rows[0].phrase.id == "coupon"
        assert "✎" in "".join(at.seen.splitlines()[1:])


async def test_values_of_the_reply_that_was_sent_do_not_stay(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("coupon")
        await at.press("enter", *"20", "enter", "enter")
        await at.until("Log an offer")
        await at.press("ctrl+s")
        await at.settle()
        assert at.screen.state.chat.values == {}
        assert at.screen.state.chat.draft_id == ""


async def test_numbers_stay_with_customers_when_a_chat_is_closed_also_after_a_restart(tmp_path: Path) -> None:
    store = filled([WANG, LI, chat("陈先生", 2)])
    async with desk(tmp_path, store) as at:
        await at.press("f4")
        assert "2 Li Wei" in at.seen.splitlines()[0]
        await at.press("alt+3")
        assert "▸3 陈先生" in at.seen
        await at.press("alt+1")
        assert "There is no chat 1." in at.said
        at.screen.sync.save_now()
        await at.settle()
    async with desk(tmp_path, store) as at:
        assert "2 Li Wei" in at.seen.splitlines()[0]
        await at.press("alt+2")
        assert "▸2 Li Wei" in at.seen
        await at.press("ctrl+t")
        await at.type("Amy")
        await at.press("ctrl+s")
        assert at.seen.splitlines()[0].split()[:2] == ["▸1", "Amy"]


async def test_a_closed_chat_comes_back_with_its_number_and_draft(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press("alt+z")
        assert "No chat was closed" in at.said
        await at.type("denglu")
        await at.press("f4")
        assert [one.customer.name for one in store.open_chats("小李")] == ["Li Wei"]
        await at.press("alt+z")
        await at.settle()
        assert "▸1 王女士" in at.seen
        assert at.screen.state.chat.query == "denglu"
        at.screen.sync.save_now()
        await at.settle()
        assert [one.customer.name for one in store.open_chats("小李")] == ["王女士", "Li Wei"]


async def test_a_new_chat_that_is_left_without_a_name_goes_again(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press("alt+2", "ctrl+t", "escape")
        await at.settle()
        assert "▸2 Li Wei" in at.seen
        assert "no name" not in at.seen.splitlines()[0]
        at.screen.sync.save_now()
        await at.settle()
        assert len(store.open_chats("小李")) == 2


@pytest.mark.parametrize(
    ("positions", "numbers"), [((0, 2, 5), [0, 2, 5]), ((0, 0, 0), [0, 1, 2]), ((1, 1, 0), [0, 1, 2]), ((-1,), [0])]
)
def test_each_chat_has_a_number_of_its_own(positions: tuple[int, ...], numbers: list[int]) -> None:
    chats = [chat(str(place), position) for place, position in enumerate(positions)]
    assert [one.position for one in numbered(chats)] == numbers


async def test_publishing_without_a_change_says_that_nothing_was_published(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press("f3")
        await at.until("Facts of")
        await at.press("ctrl+s")
        await at.settle()
        assert at.said == "Nothing was changed, so nothing was published."


async def test_arrows_that_pass_the_status_do_not_choose_another_and_right_does(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press("f3")
        await at.until("Facts of")
        await at.press("down", "down", "up", "up", "ctrl+s")
        await at.settle()
        assert store.incidents()[0].version == 1
        await at.press("f3")
        await at.until("Facts of")
        await at.press("right", "right", "right", "ctrl+s")
        await at.settle()
        assert store.incidents()[0].status == "resolved"


async def test_two_customers_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """On the strip, above the reply and in the message; by their orders, or else by the numbers of their chats."""
    ordered = [chat("王女士", place, customer=Customer(name="王女士", order=f"A{place}")) for place in range(2)]
    async with desk(tmp_path, filled([*ordered, chat("陈先生", 2), chat("陈先生", 3)])) as at:
        assert "王女士 (A1)" in at.seen.splitlines()[0]
        assert "Reply to 王女士 (A0)" in at.seen
        assert "陈先生 (chat 4)" in at.seen.splitlines()[0]
        await at.type("感谢")
        await at.press("enter")
        assert "王女士 (A0)" in at.said


async def test_an_edited_text_is_labelled_with_the_facts_it_was_written_from(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        await at.press("ctrl+e", "!", "ctrl+s")
        store.add_version(replace(store.incidents()[0], scope="约 30% 的用户无法登录"), expected=1)
        await at.until("v1 · now v2 · edited by hand")
        assert "Enter Decide" in at.seen
