"""An agent hears within a second what a lead decided about their offer, whichever chat is in front."""

from pathlib import Path

from agent_assist.offers import NewEvent
from agent_assist.store import MemoryStore
from tests.conftest import NOW
from tests.tui.standing import desk, filled
from tests.tui.test_review import offer


def decide(store: MemoryStore, event: str, note: str) -> None:
    store.decide(
        NewEvent(op_id=event, event=event, offer="OFF-1", agent="老周", role="lead", note=note, at=NOW)  # type: ignore[arg-type]
    )


async def test_an_approval_is_told_with_its_note_and_marks_the_other_chat(tmp_path: Path) -> None:
    store = filled()
    offer(store, 60, "Li Wei", "小李", chat_id="chat1")
    async with desk(tmp_path, store) as at:
        decide(store, "approved", "可以")
        await at.until("老周 approved OFF-1 for Li Wei")
        assert "“可以”" in at.said
        assert "Li Wei 3 min ✓" in at.seen.split("\n")[0]
        await at.press("alt+2")
        assert "✓" not in at.seen.split("\n")[0]


async def test_a_decline_is_told_as_a_warning_also_while_something_is_typed(tmp_path: Path) -> None:
    store = filled()
    offer(store, 60, "王女士", "小李", chat_id="chat0")
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        decide(store, "declined", "已退款")
        await at.until("老周 declined OFF-1 for 王女士.")
        assert at.screen.state.chat.query == "denglu"
        await at.type("x")
        assert at.screen.state.chat.query == "denglux"


async def test_what_was_decided_about_others_is_no_news(tmp_path: Path) -> None:
    store = filled()
    offer(store, 60, "王女士", "阿杰")
    async with desk(tmp_path, store) as at:
        decide(store, "approved", "")
        await at.settle()
        assert "OFF-1" not in at.seen
