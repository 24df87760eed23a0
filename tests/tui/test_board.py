"""The board shows every incident and what belongs to it, and asks the desk for what is done about them."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist import locale
from agent_assist.incidents import Eta, Publication
from agent_assist.services import Services
from agent_assist.settings import read
from agent_assist.store import MemoryStore, Store
from agent_assist.tui.board.screen import BoardScreen
from tests.conftest import NOW, SHANGHAI
from tests.tui.standing import INCIDENT, NARROW, SMALL, WIDE, Clock, Standing, chat, desk, filled
from tests.tui.test_review import offer

PAYMENT = replace(
    INCIDENT, title="支付故障", severity="SEV2", eta=Eta(), started_at=NOW, updated_at=NOW, translations={}
)


def as_lead(store: Store) -> Services:
    """Another desk on the same store."""
    return Services(replace(read(), agent="老周"), store=store, clock=Clock(), tz=SHANGHAI)


async def opened(at: Standing) -> BoardScreen:
    await at.press("alt+g")
    await at.until("Incidents" if locale.current() == "en" else "故障看板")
    board = at.app.screen
    assert isinstance(board, BoardScreen)
    for _turn in range(500):
        if not board.state.is_loading:
            return board
        await at.pilot.pause(0.01)
    raise AssertionError(at.seen)


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_all_incidents_stand_there_with_what_belongs_to_them(
    tmp_path: Path, lang: locale.Language, size: tuple[int, int]
) -> None:
    locale.use(lang)
    store = filled([chat("王女士", 0, incident_id="INC-1"), chat("陈先生", 1, incident_id="INC-1")])
    store.open_incident(PAYMENT)
    over = store.open_incident(replace(PAYMENT, title="短信故障"))
    store.add_version(replace(over, status="resolved"), expected=1)
    offer(store, 15, "王女士")
    offer(store, 60, "陈先生")
    async with desk(tmp_path, store, size=size) as at:
        await opened(at)
        for title in ("支付故障", "短信故障", "Sign-in outage" if lang == "en" else "登录故障"):
            assert title in at.seen
        await at.press("down")
        assert ("15 元" if lang == "zh" else "¥15") in at.seen or size == SMALL
        assert ("1 笔待批" if lang == "zh" else "1 wait") in at.seen or size == SMALL
        await at.press("escape")
        assert at.app.screen is at.screen


async def test_the_desk_behind_it_is_as_it_was(tmp_path: Path) -> None:
    async with desk(tmp_path, filled()) as at:
        await at.type("denglu")
        before = (at.seen, at.screen.state.chat)
        await opened(at)
        await at.press("alt+g")
        await at.settle()
        assert (at.seen, at.screen.state.chat) == before


async def test_an_incident_is_resolved_and_reopened_with_a_key_each(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    async with desk(tmp_path, store) as at:
        await opened(at)
        await at.press("r")
        await at.until("Is Sign-in outage over?")
        await at.press("enter")
        await at.settle()
        assert store.incident("INC-1").status == "identified", "no is the answer of Enter"
        await at.press("r")
        await at.until("Is Sign-in outage over?")
        await at.press("right", "enter")
        await at.until_said("Status identified → resolved")
        await at.until("Nothing is open. Resolved within a week")
        await at.press("r")
        assert "O opens it again" in at.said
        await at.press("o")
        await at.until("Does Sign-in outage go on?")
        await at.press("right", "enter")
        await at.until_said("Status resolved → investigating")
        await at.until("Open: 1")
        assert at.screen.state.incident_marks == {}, "one knows what one did"
    again = store.incident("INC-1")
    assert (again.status, again.eta) == ("investigating", Eta())
    assert again.next_update_due is not None


async def test_facts_are_changed_and_recorded_with_the_form_of_the_desk(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    async with desk(tmp_path, store) as at:
        board = await opened(at)
        await at.press("u")
        await at.until("Facts of ")
        await at.press("escape")
        await at.until("Open: 1")
        assert at.app.screen is board
        await at.press("n")
        await at.until("╭─ New incident")
        await at.press("escape")
        await at.until("Open: 1")
        assert at.app.screen is board


async def test_what_customers_were_told_elsewhere_takes_its_steps(tmp_path: Path) -> None:
    store = filled([], incident=None)
    store.open_incident(replace(INCIDENT, started_at=NOW - dt.timedelta(minutes=10)))
    async with desk(tmp_path, store) as at:
        await opened(at)
        assert "1 overdue" in at.seen
        await at.press("t")
        await at.until("Did customers hear of Sign-in outage elsewhere?")
        await at.press("right", "enter")
        await at.until_said("customers were told of Sign-in outage, v1")
        await at.gone("overdue")
    assert [each.channel for each in store.publications(["INC-1"])] == ["other"]


async def test_an_empty_board_says_what_to_do(tmp_path: Path) -> None:
    async with desk(tmp_path, filled([], incident=None)) as at:
        await opened(at)
        assert "Something is down? N records it" in at.seen
        for key in ("u", "r", "o", "t", "h"):
            await at.press(key)
            assert "There is no incident here. N records one." in at.said


async def test_an_agent_is_told_before_filling_a_form(tmp_path: Path) -> None:
    store = filled([chat("王女士", 0)])
    store._role = "agent"
    async with desk(tmp_path, store) as at:
        for key in ("f3", "f5"):
            await at.press(key)
            assert "Only a lead publishes facts. Tell your lead what you know." in at.said
            assert at.app.screen is at.screen
        board = await opened(at)
        for key in ("u", "n", "r"):
            await at.press(key)
            assert "Only a lead publishes facts. Tell your lead what you know." in at.said
            assert at.app.screen is board


@pytest.mark.parametrize("screen", ["desk", "review", "board"])
@pytest.mark.parametrize(
    ("lang", "marks"),
    [
        ("zh", ("● 新故障：支付故障", "✓ 已恢复：支付故障", "● 再次出现：支付故障")),
        ("en", ("● new: 支付故障", "✓ resolved: 支付故障", "● again: 支付故障")),
    ],
)
async def test_every_screen_bears_a_mark_of_what_happened_to_incidents(
    tmp_path: Path, lang: locale.Language, marks: tuple[str, ...], screen: str
) -> None:
    locale.use(lang)
    store = filled([chat("王女士", 0, incident_id="INC-1")])
    lead = as_lead(store)
    async with desk(tmp_path, store) as at:
        await at.type("denglu")
        if screen != "desk":
            await at.press("alt+v" if screen == "review" else "alt+g")
        lead.open_incident({"title": "支付故障"})
        await at.until(marks[0])
        lead.update_incident("INC-2", {"status": "resolved"})
        await at.until(marks[1])
        lead.facts.reopen("INC-2", {})
        await at.until(marks[2])
        if screen != "desk":
            await at.press("escape")
        assert at.screen.state.chat.query == "denglu"
        await at.press("alt+g", "escape")
        await at.gone(marks[2])


async def test_what_becomes_overdue_rings_once_and_stands_on_every_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled([], incident=None)
    store.open_incident(replace(PAYMENT, next_update_due=None))
    async with desk(tmp_path, store) as at:
        bells: list[int] = []
        monkeypatch.setattr(at.app, "bell", lambda: bells.append(1))
        at.screen.show_alerts()
        at.clock.wait(minutes=6)
        at.screen.show_alerts()
        at.screen.show_alerts()
        await at.until_said("Customers wait to hear: 支付故障 5 min.")
        await at.until("! 1 overdue")
        assert bells == [1]
        await at.press("alt+v")
        await at.until("! 1 overdue Alt+G")
        store.record_publication(Publication(incident="INC-1", version=1, at=at.clock.now, agent="老周"))
        await at.gone("overdue")
        at.clock.wait(minutes=30)
        at.screen.show_alerts()
        assert bells == [1, 1], "another step is another bell"


async def test_the_bell_is_silent_when_it_is_off_or_was_overdue_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: MemoryStore = filled([], incident=None)
    store.open_incident(replace(PAYMENT, started_at=NOW - dt.timedelta(minutes=20), next_update_due=None))
    async with desk(tmp_path, store, clock_bell="off") as at:
        monkeypatch.setattr(at.app, "bell", lambda: pytest.fail("it rang"))
        at.screen.show_alerts()
        assert "Customers wait" not in at.said, "it was overdue before the desk opened"
        at.clock.wait(minutes=20)
        at.screen.show_alerts()
        await at.until_said("Customers wait to hear")
