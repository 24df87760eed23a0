"""The smaller dialogs: confirming, editing, naming a customer."""

import pytest

from agent_assist.chats import Customer
from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from agent_assist.tui.forms.confirm import ConfirmScreen
from tests.tui.dialogs.host import HOSTILE, OPEN, SMALL, WIDE, Host, paste, type_text


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], False),
        (["escape"], False),
        (["y", "j", "space", "enter"], False),
        (["right", "enter"], True),
        (["tab", "left", "right", "enter"], True),
    ],
)
async def test_the_safe_answer_is_the_one_that_comes_by_itself(keys: list[str], answer: bool) -> None:
    host = Host(ConfirmScreen("Copy anyway?", "The reply quotes old facts.", "Copy", "Go back"))
    async with host.run_test() as pilot:
        assert "▸Go back" in host.seen
        for key in keys:
            if host.answer is OPEN:
                await pilot.press(key)
    assert host.answer is answer


async def test_only_the_button_with_the_focus_is_marked() -> None:
    host = Host(ConfirmScreen("Copy anyway?", "The reply quotes old facts.", "Copy", "Go back"))
    async with host.run_test() as pilot:
        for key, marked in (("right", "Copy"), ("left", "Go back"), ("right", "Copy")):
            await pilot.press(key)
            await pilot.pause()
            assert (host.seen.count("▸"), f"▸{marked}" in host.seen) == (1, True), key


async def test_a_long_warning_can_be_read_whole_in_a_small_window() -> None:
    host = Host(ConfirmScreen(HOSTILE, "\n".join(f"line {n}" for n in range(40)), "Copy", "Go back"))
    async with host.run_test(size=SMALL) as pilot:
        assert "▸Go back" in host.seen
        assert "[/退款] [bold]A123[/]" in host.seen
        await pilot.press(*["pagedown"] * 5)
        await pilot.pause()
        assert "line 39" in host.seen


async def test_an_edited_text_is_accepted_with_its_line_ends() -> None:
    host = Host(EditScreen("Dear Ms Li", "Reply to Ms Li"))
    async with host.run_test() as pilot:
        await pilot.press("enter")
        await paste(pilot, "first\r\nsecond \x1b[31m")
        await pilot.press("ctrl+s")
    assert host.answer == "Dear Ms Li\nfirst\nsecond ␛[31m"


async def test_an_edited_text_can_be_accepted_without_the_control_key() -> None:
    host = Host(EditScreen("a", "Reply"))
    async with host.run_test() as pilot:
        await pilot.press("b", "tab", "enter")
    assert host.answer == "ab"


async def test_leaving_an_unchanged_text_asks_nothing() -> None:
    host = Host(EditScreen("a", "Reply"))
    async with host.run_test() as pilot:
        await pilot.press("escape")
    assert host.answer is None


async def test_leaving_a_changed_text_asks_and_goes_on_editing_by_default() -> None:
    kept: list[str] = []
    host = Host(EditScreen("a", "Reply", keep=kept.append))
    async with host.run_test() as pilot:
        await pilot.press("b", "escape")
        assert "Leave without your changes?" in host.seen
        await pilot.press("enter")
        assert host.answer is OPEN
        await pilot.press("c", "escape", "right", "enter")
    assert host.answer is None
    assert kept == ["ab", "abc", "a"]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_long_text_is_edited_in_any_window(size: tuple[int, int]) -> None:
    text = f"{HOSTILE} 王女士，您好。\n" * 60
    host = Host(EditScreen(text, HOSTILE))
    async with host.run_test(size=size) as pilot:
        assert "Use this text ^S" in host.seen
        await pilot.press("x", "ctrl+s")
    assert host.answer.endswith("王女士，您好。\nx")
    assert host.answer.count("[/退款] [bold]A123[/]") == 60


async def test_a_customer_is_named_in_a_few_keys() -> None:
    host = Host(CustomerScreen(Customer(language="en"), is_new=True))
    async with host.run_test() as pilot:
        assert "New chat" in host.seen
        assert "Without a name, replies that greet will ask for it." in host.seen
        await type_text(pilot, "Ms Li")
        await pilot.press("enter", "enter")
        await type_text(pilot, "A1")
        await pilot.press("enter", "enter", "left", "enter")
    assert host.answer == Customer(name="Ms Li", order="A1", language="zh")


async def test_a_hostile_name_is_cleaned_and_kept_on_one_line() -> None:
    host = Host(CustomerScreen(Customer()))
    async with host.run_test() as pilot:
        await paste(pilot, f"王\n{HOSTILE}")
        assert "王 [/退款] [bold]A123[/]" in host.seen
        await pilot.press("ctrl+s")
    assert host.answer.name.startswith("王 [/退款] [bold]A123[/] ␛]52")
    assert "\u202e" not in host.answer.name


async def test_a_language_the_program_does_not_know_survives() -> None:
    host = Host(CustomerScreen(Customer(name="Li", language="fr")))
    async with host.run_test() as pilot:
        await pilot.press("x", "ctrl+s")
    assert host.answer == Customer(name="Lix", language="fr")


async def test_an_option_is_chosen_with_the_mouse() -> None:
    host = Host(CustomerScreen(Customer(name="Li", language="zh")))
    async with host.run_test() as pilot:
        row = next(number for number, line in enumerate(host.seen.split("\n")) if "English" in line)
        await pilot.click(offset=(host.seen.split("\n")[row].index("English"), row))
        await pilot.press("ctrl+s")
    assert host.answer.language == "en"
