"""What the program uses of Textual's private API does what it is used for."""

import collections
import gc
from pathlib import Path

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


@pytest.mark.parametrize("key", ["f5", "ctrl+e", "ctrl+p", "alt+v"])
async def test_closed_screens_do_not_stay_in_memory(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as standing:
        await open_and_close(standing, key)
        before = alive()
        for _time in range(4):
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
            standing.screen.tell(said)
            await standing.settle()
            assert said in standing.seen


async def test_messages_that_were_cleared_leave_nothing_on_the_screen(tmp_path: Path) -> None:
    async with desk(tmp_path) as standing:
        for number in range(6):
            standing.screen.tell(f"message {number}")
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
