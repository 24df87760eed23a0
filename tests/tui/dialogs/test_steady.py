"""A dialog comes to rest at every size: what its scrollbar takes from a text decides nothing about the scrollbar."""

import asyncio
from typing import Any

import pytest
from textual.screen import Screen

from agent_assist.tui.desk.dialogs.incident_form import IncidentScreen
from agent_assist.tui.forms.dialog import Body
from agent_assist.tui.forms.line_input import TextInput
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import Host, incident


async def test_a_form_under_a_question_comes_to_rest_at_every_height(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that needs one more row beside the scrollbar than without one; two layouts called for each other."""
    layouts = 0
    refresh_layout = Screen._refresh_layout

    def counted(screen: Screen[Any], *size: Any, **how: Any) -> None:
        nonlocal layouts
        layouts += 1
        refresh_layout(screen, *size, **how)

    async def is_at_rest() -> bool:
        for _turn in range(40):
            before = layouts
            await asyncio.sleep(0.25)
            if layouts == before:
                return True
        return False

    form = IncidentScreen(incident(), SHANGHAI, clock=lambda: NOW)
    host = Host(form)
    async with host.run_test(size=(120, 50)) as pilot:
        workaround = form.field("workaround.en").control
        assert isinstance(workaround, TextInput)
        workaround.text = "x" * 360
        await pilot.resize_terminal(100, 50)
        assert await is_at_rest()
        rows = form.query_one(Body).virtual_size.height
        await pilot.press("escape")
        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        for height in range(rows + 5, rows, -1):
            await pilot.resize_terminal(120, 50)
            await pilot.pause()
            await pilot.resize_terminal(100, height)
            assert await is_at_rest(), f"100x{height}"
