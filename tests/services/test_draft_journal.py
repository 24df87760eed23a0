"""What was typed while the database was away is there after a crash, and nothing else is changed by it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_assist.chats import Chat
from agent_assist.errors import Unreachable
from agent_assist.services import Services
from agent_assist.services.draft_journal import FOLDER, DraftJournal, UnsavedChat
from agent_assist.store import MemoryStore, SaveOutcome
from tests.store.test_contract import a_chat
from tests.tui.standing import settings

URL = "postgresql://xiaoli:secret@db/desk"


def journal(home: Path, url: str = URL, agent: str = "小李") -> DraftJournal:
    return DraftJournal(home, url, agent)


def left_behind(home: Path, *chats: Chat) -> None:
    """As a killed desk leaves it: written, its lock gone with its process."""
    dead = journal(home)
    dead.write([UnsavedChat(chat) for chat in chats])
    dead.close(is_saved=False)


def test_the_next_start_finds_what_a_killed_desk_left(tmp_path: Path) -> None:
    left_behind(tmp_path, a_chat(), a_chat("c2", query="denglu"))
    ((_path, chats),) = journal(tmp_path).abandoned()
    assert [(draft.chat.id, draft.chat.query) for draft in chats] == [("c1", a_chat().query), ("c2", "denglu")]


def test_a_desk_that_still_runs_keeps_its_file(tmp_path: Path) -> None:
    running = journal(tmp_path)
    running.write((UnsavedChat(a_chat()),))
    assert journal(tmp_path).abandoned() == []
    running.close(is_saved=True)


@pytest.mark.parametrize("other", [{"url": "sqlite:///other.db"}, {"agent": "小陈"}])
def test_drafts_return_to_their_agent_and_database_only(tmp_path: Path, other: dict[str, str]) -> None:
    left_behind(tmp_path, a_chat())
    assert journal(tmp_path, **other).abandoned() == []


def test_what_is_saved_leaves_no_trace(tmp_path: Path) -> None:
    mine = journal(tmp_path)
    mine.write((UnsavedChat(a_chat()),))
    mine.finish((UnsavedChat(a_chat()),))
    mine.close(is_saved=True)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_write_that_comes_after_the_last_one_changes_nothing(tmp_path: Path) -> None:
    mine = journal(tmp_path)
    mine.finish((UnsavedChat(a_chat(query="newest")),))
    mine.write((UnsavedChat(a_chat(query="older")),))
    mine.close(is_saved=False)
    ((_path, (draft,)),) = journal(tmp_path).abandoned()
    assert draft.chat.query == "newest"


def test_only_its_owner_reads_it_and_no_password_stands_in_it(tmp_path: Path) -> None:
    left_behind(tmp_path, a_chat())
    (file,) = (tmp_path / FOLDER).glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert "secret" not in file.name + file.read_text("utf-8")


@pytest.mark.parametrize("content", [b"", b"[{", b'[{"id": 1}]', b"\xff\xfe"])
def test_a_file_that_cannot_be_read_stops_nothing_and_stays(tmp_path: Path, content: bytes) -> None:
    left_behind(tmp_path, a_chat())
    (file,) = (tmp_path / FOLDER).glob("*.json")
    file.write_bytes(content)
    assert journal(tmp_path).abandoned() == []
    assert file.read_bytes() == content


class Away(MemoryStore):
    """A database that does not answer."""

    def save_chat(self, agent: str, chat: Chat, **more: Any) -> SaveOutcome:
        raise Unreachable("away")


def test_left_drafts_are_saved_once_and_stay_while_the_database_is_away(tmp_path: Path) -> None:
    given = settings(tmp_path)
    dead = Services(given, store=MemoryStore())
    dead.draft_journal.write((UnsavedChat(msgspec.structs.replace(a_chat(), query="denglu")),))
    dead.draft_journal.close(is_saved=False)
    with pytest.raises(Unreachable):
        Services(given, store=Away()).save_abandoned_drafts()
    store = MemoryStore()
    Services(given, store=store).save_abandoned_drafts()
    assert [chat.query for chat in store.open_chats(given.agent)] == ["denglu"]
    assert not list((given.home / FOLDER).glob("*.json"))
