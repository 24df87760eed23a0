"""Every state says what it is and what to do next; every size shows something whole."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from agent_assist import locale
from agent_assist.chats import Chat
from agent_assist.errors import NotSaved
from agent_assist.incidents import Eta
from agent_assist.store import MemoryStore
from tests.conftest import NOW
from tests.tui.standing import NARROW, SMALL, WANG, WIDE, desk, filled


async def test_without_an_incident_the_desk_says_how_to_record_one(tmp_path: Path) -> None:
    async with desk(tmp_path, filled(incident=None)) as at:
        assert "No incident is open." in at.seen
        assert "F5" in at.seen


async def test_without_a_phrasebook_the_desk_says_where_to_put_one(tmp_path: Path) -> None:
    async with desk(tmp_path, book="") as at:
        assert "There is no phrasebook yet." in at.seen


async def test_a_broken_phrasebook_is_counted_and_the_desk_goes_on(tmp_path: Path) -> None:
    async with desk(tmp_path, book="[[phrase]\n") as at:
        assert "Problems in the files: 1." in at.seen


async def test_with_the_database_away_finding_filling_and_copying_go_on(tmp_path: Path) -> None:
    class Away(MemoryStore):
        def open_chats(self, agent: str, **more: Any) -> tuple[Chat, ...]:
            raise NotSaved("The server does not answer.")

    async with desk(tmp_path, Away()) as at:
        assert "! database not reachable" in at.seen
        assert "The server does not answer." in at.seen
        await at.type("感谢")
        await at.press("enter")
        assert at.app.clipboard == "感谢您的理解。"


async def test_facts_that_others_publish_appear_without_disturbing_what_is_typed(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        known = store.incidents()[0]
        store.add_version(replace(known, eta=Eta(at=NOW + dt.timedelta(minutes=50)), author="老周"), expected=1)
        await at.until("by 15:00")
        await at.settle()
        assert "预计 15:00 前恢复" in at.reply
        assert "v2 · 老周" in at.seen
        assert "The facts changed: v2 by 老周." in at.said
        assert at.screen.state.chat.query == "denglu"


async def test_a_draft_written_from_older_facts_is_flagged(tmp_path: Path) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.press(*"denglu", "ctrl+e")
        await at.press("!", "ctrl+s")
        store.add_version(replace(store.incidents()[0], eta=Eta(at=NOW + dt.timedelta(minutes=50))), expected=1)
        await at.until("v2")
        assert at.screen.state.reply is not None
        assert "old-facts" in {warning.code for warning in at.screen.state.reply.check.warnings}
        await at.press("enter")
        await at.until("all the same?")


async def test_the_countdown_follows_the_clock(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        assert "4 min left" in at.seen
        at.clock.wait(minutes=3)
        at.screen._tick()
        await at.settle()
        assert "1 min left" in at.seen
        assert "17 min left" in at.seen


async def test_publishing_facts_from_the_desk(tmp_path: Path) -> None:
    store = filled(incident=None)
    async with desk(tmp_path, store) as at:
        await at.press("f5")
        await at.until("New incident")
        await at.type("payment")
        await at.press("ctrl+s")
        await at.settle()
        assert store.incidents()[0].said("title", "en") == "Payments outage"
        await at.until("Payments outage · SEV2")


async def test_in_a_narrow_window_a_key_unfolds_the_facts(tmp_path: Path) -> None:
    async with desk(tmp_path, size=NARROW) as at:
        assert "Workaround" not in at.seen
        await at.press("ctrl+g")
        assert "Workaround" in at.seen
        assert "Search:" in at.seen
        await at.press("escape")
        assert "Workaround" not in at.seen


async def test_typing_folds_the_facts_and_searches(tmp_path: Path) -> None:
    async with desk(tmp_path, size=NARROW) as at:
        await at.press("ctrl+g")
        await at.type("denglu")
        assert "Workaround" not in at.seen
        assert at.screen.state.chat.query == "denglu"


async def test_after_a_window_was_too_small_for_a_while_typing_still_reaches_the_box(tmp_path: Path) -> None:
    async with desk(tmp_path, size=WIDE) as at:
        await at.pilot.resize_terminal(10, 3)
        await at.settle()
        await at.pilot.resize_terminal(*WIDE)
        await at.settle()
        await at.type("denglu")
        assert "登录故障是我们的责任" in at.reply


@pytest.mark.parametrize("size", [(39, 24), (80, 9), (1, 1), (20, 5)])
async def test_a_window_that_is_too_small_says_so_and_loses_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(tmp_path, size=size) as at:
        if size[0] >= 20:
            assert "too" in at.seen
            assert "small" in at.seen
        await at.type("denglu")
        await at.pilot.resize_terminal(*NARROW)
        await at.settle()
        assert "登录故障是我们的责任" in at.seen


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL, (100, 30), (300, 20), (70, 60)])
async def test_no_line_is_wider_than_the_window(tmp_path: Path, lang: locale.Language, size: tuple[int, int]) -> None:
    locale.use(lang)
    async with desk(tmp_path, filled([WANG] * 1), size=size) as at:
        await at.type("denglu")
        lines = at.seen.splitlines()
        assert len(lines) == size[1]
        assert {cell_len(line) for line in lines} == {size[0]}


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "high-contrast", "gruvbox"])
async def test_themes(tmp_path: Path, theme: str) -> None:
    async with desk(tmp_path, theme=theme) as at:
        assert at.app.theme == theme
        await at.type("coupon")
        assert "▸ " in at.seen
        assert "?]" in at.seen, "a gap is marked by signs in every theme"
