"""Every dialog in every window: nothing breaks, and the way out is in sight wherever there is room for it."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from agent_assist.phrasebook.phrase import Field
from agent_assist.tui.desk.dialogs.customer_form import CustomerScreen
from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from agent_assist.tui.desk.dialogs.gap_form import GapScreen
from agent_assist.tui.desk.dialogs.incident_form import IncidentScreen
from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen
from agent_assist.tui.desk.dialogs.offer_form import OfferScreen
from agent_assist.tui.desk.dialogs.timeline import TimelineScreen
from agent_assist.tui.desk.offer_prefill import OfferPrefill
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.forms.key_help import HelpScreen
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import HOSTILE, Host, chat, incident, reply

LONG = (HOSTILE + "，非常抱歉。") * 12
FIELDS = {
    "gift": Field(label={"en": LONG}, control="choice", choices=tuple(f"{n} {LONG}" for n in range(4))),
    "note": Field(),
}
GROUPS = [(HOSTILE, [("Ctrl+PgDn", LONG, LONG)] * 6)]

DIALOGS: dict[str, Callable[[], Screen[Any]]] = {
    "confirm": lambda: ConfirmScreen(LONG, LONG, "Copy", "Go back"),
    "customer": lambda: CustomerScreen(chat(HOSTILE).customer),
    "edit": lambda: EditScreen(LONG, LONG),
    "fill": lambda: GapScreen(reply("{{ gift }} {{ note }}", FIELDS), {}, clock=lambda: NOW, tz=SHANGHAI),
    "help": lambda: HelpScreen(GROUPS),
    "incident": lambda: IncidentScreen(incident(scope=LONG), SHANGHAI, clock=lambda: NOW),
    "offer": lambda: OfferScreen(chat=chat(), incident=incident(title=LONG), prefill=OfferPrefill(sentence=LONG)),
    "shown": lambda: ManualCopyScreen(LONG, LONG),
    "timeline": lambda: TimelineScreen([incident(cause=LONG)] * 4, SHANGHAI, NOW),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_survives_every_window_and_shows_its_way_out(name: str) -> None:
    host = Host(DIALOGS[name]())
    async with host.run_test(size=(60, 16)) as pilot:
        for size in [(1, 1), (300, 2), (60, 16)]:
            await pilot.resize_terminal(*size)
            await pilot.press("down")
        await pilot.pause()
        assert "Esc" in host.seen or "Go back" in host.seen
        await pilot.press("escape")
    assert host.answer in (None, False)
