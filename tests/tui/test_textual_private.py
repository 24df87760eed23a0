"""What the program uses of Textual's private API does what it is used for."""

import collections
import gc
from pathlib import Path

import pytest
from textual.message_pump import MessagePump

from tests.tui.standing import desk


def alive() -> collections.Counter[str]:
    """How many widgets and screens of each class are in memory."""
    gc.collect()
    return collections.Counter(type(one).__qualname__ for one in gc.get_objects() if isinstance(one, MessagePump))


@pytest.mark.parametrize("key", ["f5", "ctrl+e", "ctrl+p", "alt+v"])
async def test_closed_screens_do_not_stay_in_memory(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as standing:
        await standing.press(key, "escape")
        before = alive()
        for _time in range(4):
            await standing.press(key, "escape")
        grown = alive() - before
        assert {name: more for name, more in grown.items() if more >= 3} == {}, "the last one may still be closing"
