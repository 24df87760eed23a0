"""Pins, habits and changed phrasebooks as the list shows them."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.chats import Sent
from agent_assist.tui.desk.sync import PollIntervals
from agent_assist.tui.desk.widgets.result_list import ResultList
from tests.conftest import NOW
from tests.tui.standing import Standing, desk


def titles(at: Standing) -> list[str]:
    return [line.plain for line in at.screen.query_one(ResultList).lines]


@pytest.mark.parametrize("key", ["f9", "alt+p"])
async def test_a_pinned_phrase_stands_first_when_nothing_is_typed(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as at:
        await at.type("ganxie")
        await at.press(key)
        assert "Pinned" in at.said
        assert titles(at)[0].endswith("◆")
        await at.press("escape")
        assert "感谢理解" in titles(at)[0]
        await at.press(key)
        assert at.said == "No longer pinned."
        assert not titles(at)[0].endswith("◆")


async def test_pins_are_there_again_after_a_restart(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("ganxie")
        await at.press("f9")
    async with desk(tmp_path) as at:
        assert "感谢理解" in titles(at)[0]
        assert titles(at)[0].endswith("◆")


async def test_a_pin_that_cannot_be_kept_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        (tmp_path / "pins.json").mkdir()
        await at.type("ganxie")
        await at.press("f9")
        assert "could not be saved" in at.said
        assert at.screen.state.chat.query == "ganxie"


async def test_what_was_sent_twice_has_a_star(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        state = at.screen.state
        sent = Sent(at=NOW, phrase_id="login-code", lang="zh", text="")
        for _time in range(2):
            assert state.note_sent(replace(state.chat, query="yanzhengma"), sent, is_holding=False)
        await at.type("yanzhengma")
        assert titles(at)[0].endswith("★")


async def test_a_phrase_saved_by_the_lead_appears_without_a_restart(tmp_path: Path) -> None:
    async with desk(tmp_path, intervals=PollIntervals(books=0.1)) as at:
        book = tmp_path / "books" / "test.toml"
        await at.type("ganxie")
        book.write_text(book.read_text("utf-8").replace("感谢理解", "感谢您的耐心"), "utf-8")
        await at.until("感谢您的耐心")
        assert "Phrases new, different or gone: 1" in at.said
        book.write_text(book.read_text("utf-8") + "[[phrase]", "utf-8")
        await at.until("test.toml:")
        assert "感谢您的耐心" in titles(at)[0]
