"""What the program uses of Textual's private API does what it is used for."""

import collections
import gc
from pathlib import Path
from typing import Any

import pytest
from textual._styles_cache import StylesCache
from textual.message_pump import MessagePump
from textual.widgets._toast import ToastHolder

from tests.tui.standing import Standing, desk


def alive() -> collections.Counter[str]:
    """How many widgets and screens of each class are in memory."""
    gc.collect()
    return collections.Counter(type(one).__qualname__ for one in gc.get_objects() if isinstance(one, MessagePump))


async def open_and_close(standing: Standing, key: str) -> None:
    """Open what this key opens, and go back to the desk."""
    await standing.press(key)
    while standing.app.screen is standing.screen:
        await standing.pilot.pause(0.02)
    while standing.app.screen is not standing.screen:
        await standing.press("escape")


async def test_closed_screens_do_not_stay_in_memory(tmp_path: Path) -> None:
    keys = ("f5", "ctrl+e", "ctrl+p", "alt+v")
    async with desk(tmp_path) as standing:
        for key in keys:
            await open_and_close(standing, key)
        before = alive()
        for key in keys * 3:
            await open_and_close(standing, key)
        grown = {name for name, more in (alive() - before).items() if more >= 3}
        for _turn in range(50):  # the last one may still be closing, and what it asked of the database under way
            if not grown:
                break
            await standing.pilot.pause(0.1)
            grown = {name for name, more in (alive() - before).items() if more >= 3}
        assert not grown


async def test_a_short_message_is_on_the_screen_until_it_ends(tmp_path: Path) -> None:
    async with desk(tmp_path) as standing:
        for said in ("first words", "second words"):
            standing.screen.notify_user(said)
            await standing.settle()
            assert said in standing.seen


async def test_messages_that_were_cleared_leave_nothing_on_the_screen(tmp_path: Path) -> None:
    async with desk(tmp_path) as standing:
        for number in range(6):
            standing.screen.notify_user(f"message {number}")
            await standing.settle()
            standing.app.clear_notifications()
            await standing.settle()
        assert len(standing.screen.query(ToastHolder)) <= 1, "the last one goes with the next message"


async def test_the_lines_of_closed_dialogs_are_not_kept_for_painting(tmp_path: Path) -> None:
    async with desk(tmp_path) as standing:
        await standing.press("f5", "escape")
        await standing.press("ctrl+r", "escape")
        gc.collect()
        lines = sum(isinstance(one, StylesCache) for one in gc.get_objects())
        for _time in range(3):
            await standing.press("f5", "escape")
            await standing.press("ctrl+r", "escape")
        gc.collect()
        assert sum(isinstance(one, StylesCache) for one in gc.get_objects()) < lines + 20


async def test_a_message_that_is_said_again_is_on_the_screen_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as standing:
        for _time in range(5):
            standing.screen.notify_user("Enter by itself copies.")
            await standing.settle()
        standing.screen.notify_user("Another one.")
        await standing.settle()
        assert standing.seen.count("Enter by itself copies.") == 1
        assert [one.message for one in standing.app._notifications] == ["Enter by itself copies.", "Another one."]


async def test_nothing_on_the_screen_can_be_selected_and_copied_past_the_check(tmp_path: Path) -> None:
    """With Textual's selection a click on a message that was removed a moment before ended the program, too."""
    async with desk(tmp_path) as standing:
        standing.screen.notify_user("Copied for 王女士.")
        await standing.press("f2")
        screen = standing.app.screen
        for widget in screen.query("*"):
            await standing.pilot.mouse_down(widget, offset=(2, 0))
            assert screen._select_state is None, widget
            await standing.pilot.mouse_up(widget, offset=(2, 0))
            if standing.app.screen is not screen:
                break
        assert not screen.get_selected_text()


async def test_moving_the_focus_paints_neither_all_of_a_dialog_nor_what_lies_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as at:
        await at.press("f2")
        await at.settle()
        dialog, before = at.app.screen, at.app.focused
        painted: list[Any] = []
        monkeypatch.setattr(dialog, "refresh", lambda *regions, **_how: painted.append(regions))
        dialog.focus_next()
        assert at.app.focused is not before
        assert painted == []
