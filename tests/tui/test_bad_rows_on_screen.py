"""What somebody wrote into the database by hand is a notice on the desk, never its end."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.store import Store, open_store
from agent_assist.tui.desk.sync import PollIntervals
from tests.store.test_bad_rows import BAD, put
from tests.store.test_only_grows import by_hand, without_triggers
from tests.tui.standing import INCIDENT, LI, WANG, desk, filled
from tests.tui.test_review import offer

FAST = PollIntervals(books=0.05, uses=0.05)


def a_file(home: Path) -> tuple[str, Store]:
    url = f"sqlite:///{home / 'desk.db'}"
    store = open_store(url, home=home)
    store.open_incident(INCIDENT)
    for one in (WANG, LI):
        store.save_chat("小李", one)
    return url, store


async def test_a_desk_with_bad_rows_of_every_kind_opens_and_says_so(tmp_path: Path) -> None:
    url, store = a_file(tmp_path)
    for what, (table, row) in BAD.items():
        name = {"chats": "id", "sent_replies": "op_id", "incident_versions": "id"}.get(table)
        if table != "policy_versions" and row.get("version") != 2:
            put(url, table, {**row, name: what} if name else row)
    async with desk(tmp_path, store) as at:
        await at.until_said("left out")
        assert "Sign-in outage" in at.seen
        await at.type("denglu")
        assert at.screen.state.has_store
        assert "Li Wei" in at.seen


async def test_rows_written_while_the_desk_is_open_end_nothing(tmp_path: Path) -> None:
    url, store = a_file(tmp_path)
    async with desk(tmp_path, store, intervals=FAST) as at:
        put(url, *BAD["a use in a time that never comes"])
        await at.until_said("left out")
        store.add_version(replace(store.incident("INC-1"), scope="约 3% 的用户", author="老周"), expected=1)
        await at.until_said("The facts changed")


async def test_an_offer_that_cannot_be_read_any_more_is_no_news(tmp_path: Path) -> None:
    url, store = a_file(tmp_path)
    offer(store, 60, "Li Wei", "小李", chat_id="chat1")
    async with desk(tmp_path, store, intervals=FAST) as at:
        with by_hand(url) as connection:
            without_triggers(connection)
            connection.exec_driver_sql("UPDATE offer_entries SET currency = 'ZZZ'")
        await at.until_said("left out")
        assert not at.screen.state.store_error


def broken(*_given: object, **_named: object) -> None:
    raise ZeroDivisionError("王女士 secret")


@pytest.mark.parametrize("call", ["uses", "incident_histories", "page"])
async def test_whatever_goes_wrong_in_one_part_of_a_round_is_told_once_and_the_other_parts_come(
    tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled()
    async with desk(tmp_path, store, intervals=FAST) as at:
        monkeypatch.setattr(store, call, broken)
        offer(store, 60, "王女士", "阿杰")
        await at.until_said("Something that changed cannot be shown")
        await at.until_said("ZeroDivisionError")
        assert "secret" not in at.seen
        assert at.screen.state.has_store
        monkeypatch.undo()
        store.add_version(replace(store.incident("INC-1"), scope="约 3% 的用户", author="老周"), expected=1)
        await at.until_said("The facts changed")


@pytest.mark.parametrize("call", ["open_chats", "wait_for_change"])
async def test_whatever_goes_wrong_with_the_database_as_a_whole_the_desk_stands(
    tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled()
    monkeypatch.setattr("agent_assist.tui.desk.store_watch.STORE_RETRY_DELAY", 0.05)
    monkeypatch.setattr(store, call, broken)
    async with desk(tmp_path, store, is_opened=False) as at:
        await at.until_said("ZeroDivisionError")
        monkeypatch.undo()
        await at.until("约 15% 的用户")


async def test_a_draft_that_cannot_be_stored_for_whatever_reason_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled()
    async with desk(tmp_path, store) as at:
        monkeypatch.setattr(store, "save_chat", broken)
        await at.type("denglu")
        await at.until_said("Drafts are kept on this machine")
        monkeypatch.undo()
        at.screen.sync.save_now()
        await at.settle()
        assert store.open_chats("小李")[0].query == "denglu"


async def test_books_that_cannot_be_looked_at_stay_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, filled(), intervals=FAST) as at:
        monkeypatch.setattr(at.screen.services.live_library, "reload", broken)
        await at.until_said("Something that changed cannot be shown")
        await at.type("denglu")
        assert at.screen.state.rows
