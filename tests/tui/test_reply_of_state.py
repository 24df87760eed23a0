"""The reply that is sent comes from the state of the desk; what a widget shows is only its picture."""

from pathlib import Path

from agent_assist.services import Services
from agent_assist.tui.desk.incident_snapshot import read_incidents
from agent_assist.tui.desk.state import DeskState
from tests.conftest import NOW, SHANGHAI
from tests.tui.standing import WANG, Clock, desk, filled, settings

CODE = "王女士，请等一分钟再试一次。"


def state_of(home: Path, book: str = "") -> DeskState:
    """A desk's state with a chat, its incident and a phrasebook, without any screen."""
    store = filled()
    services = Services(settings(home, book) if book else settings(home), store=store, clock=Clock(), tz=SHANGHAI)
    state = DeskState(services)
    state.read(services.library)
    state.is_ready = True
    state.restore((WANG,), read_incidents(store, NOW))
    return state


def test_it_is_computed_without_a_screen(tmp_path: Path) -> None:
    state = state_of(tmp_path)
    state.type("yanzhengma")
    reply = state.update_reply()
    assert reply is not None
    assert reply is state.reply
    assert reply.text == CODE
    assert state.conditions().has_reply


def test_a_phrase_that_cannot_be_filled_leaves_its_reason(tmp_path: Path) -> None:
    book = '[[phrase]]\nid = "x"\nkind = "faq"\nlang = "zh"\ntitle = "坏的"\ntext = "{{ x"\n'
    state = state_of(tmp_path, book)
    state.type("huai")
    assert state.update_reply() is None
    assert state.reply_error is not None


async def test_what_a_widget_shows_instead_is_never_sent(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("yanzhengma")
        at.screen.reply_panel.preview.show_reply(None, ["something else"])
        await at.press("enter")
        assert at.app.clipboard == CODE
