"""Backups: complete or absent, verified twice, and never an older log in silence."""

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent_assist.errors import Damaged, NotFound, NotSaved, Refused
from agent_assist.store import Store, open_store, team_accounts
from agent_assist.store.schema import metadata
from agent_assist.store.transfer import backup
from agent_assist.store.transfer.backup import back_up, restore
from tests.offers.samples import an_offer
from tests.store.full_desk import fill_desk
from tests.store.teams import Team
from tests.store.test_moving import contents
from tests.store.test_only_grows import by_hand, without_triggers


@pytest.fixture
def desk(url: str, home: Path) -> Store:
    """A full desk on each engine, open."""
    store = open_store(url, home=home)
    fill_desk(store)
    return store


@pytest.fixture
def file(home: Path) -> Path:
    folder = home / "backups"
    folder.mkdir()
    return folder / "desk.backup"


def test_a_backup_holds_everything_and_can_be_opened_like_a_desk(desk: Store, url: str, home: Path, file: Path) -> None:
    kept = back_up(url, file, home=home)
    assert kept.head == desk.head()
    assert kept.size == file.stat().st_size
    assert contents(f"sqlite:///{file}") == contents(url)
    assert list(file.parent.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o600
    desk.close()


def test_a_backup_never_replaces_a_file(desk: Store, url: str, home: Path, file: Path) -> None:
    file.write_text("something else")
    with pytest.raises(Refused, match="exists already"):
        back_up(url, file, home=home)
    assert file.read_text() == "something else"
    with pytest.raises(NotSaved, match="cannot be written to"):
        back_up(url, file.parent / "nowhere" / "x", home=home)
    desk.close()


def test_a_cancelled_backup_leaves_nothing(desk: Store, url: str, home: Path, file: Path) -> None:
    def cancel(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(url, file, home=home, progress=cancel)
    assert list(file.parent.iterdir()) == []
    desk.close()


def test_a_log_that_was_changed_is_not_backed_up_as_if_it_were_good(
    desk: Store, url: str, home: Path, file: Path
) -> None:
    with by_hand(url) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET minor = 1 WHERE seq = 2")
    with pytest.raises(Damaged, match="#2"):
        back_up(url, file, home=home)
    assert list(file.parent.iterdir()) == []
    desk.close()


def test_writers_go_on_while_a_backup_is_made(desk: Store, url: str, home: Path, file: Path) -> None:
    """The file of one person locks for the moment of the copy; then the write goes through."""
    others: list[threading.Thread] = []

    def write(_done: int, _all: int) -> None:
        if not others:
            others.append(threading.Thread(target=desk.add_offer, args=[an_offer("meanwhile")]))
            others[0].start()

    kept = back_up(url, file, home=home, progress=write)
    others[0].join()
    assert desk.head().seq == kept.head.seq + 1
    assert desk.verify().ok
    desk.close()


def test_a_lost_desk_comes_back_from_its_backup(desk: Store, url: str, home: Path, file: Path) -> None:
    back_up(url, file, home=home)
    before = contents(url)
    desk.close()
    if url.startswith("sqlite"):
        (home / "desk.db").unlink()
    else:
        with by_hand(url) as connection:
            without_triggers(connection)
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    restored = restore(url, file, home=home)
    assert contents(url) == before
    assert restored.before == ""
    store = open_store(url, home=home)
    assert store.verify().compared == restored.head
    assert store.add_offer(an_offer("after")).offer.seq == restored.head.seq + 1
    store.close()


def test_a_backup_of_a_team_goes_into_a_file_and_back_into_a_server(people: Team, home: Path, file: Path) -> None:
    agent = people.store("小李")
    agent.add_offer(an_offer(agent=people.name("小李")))
    for short in ("小李", "老周"):
        with pytest.raises(Refused, match="Only the owner"):
            back_up(people.url(short), file, home=home)
    kept = back_up(people.owner, file, home=home)
    solo = f"sqlite:///{home / 'solo.db'}"
    assert restore(solo, file, home=home).head == kept.head
    with pytest.raises(Refused, match="not empty"):
        restore(people.owner, file, home=home)


def test_a_backup_that_is_older_than_what_was_seen_needs_a_word(sqlite_url: str, home: Path, file: Path) -> None:
    store = open_store(sqlite_url, home=home)
    fill_desk(store)
    back_up(sqlite_url, file, home=home)
    head = store.head()
    store.add_offer(an_offer("later"))
    with pytest.raises(Refused, match="--older") as refused:
        restore(sqlite_url, file, home=home)
    assert f"#{head.seq}" in refused.value.message
    assert store.head().seq == head.seq + 1
    restored = restore(sqlite_url, file, home=home, older=True)
    assert (store.head(), store.verify().ok) == (head, True)
    kept = open_store(f"sqlite:///{restored.before}", read_only=True)
    assert kept.head().seq == head.seq + 1
    assert Path(restored.before).stat().st_mode & 0o777 == 0o600
    kept.close()
    store.close()


def test_the_backup_of_another_desk_is_not_taken_for_this_one(sqlite_url: str, home: Path, file: Path) -> None:
    other = open_store(f"sqlite:///{home / 'other.db'}", home=home)
    for number in range(9):
        other.add_offer(an_offer(f"x{number}"))
    other.close()
    back_up(f"sqlite:///{home / 'other.db'}", file, home=home)
    store = open_store(sqlite_url, home=home)
    store.add_offer(an_offer())
    with pytest.raises(Refused, match="another log"):
        restore(sqlite_url, file, home=home)
    assert len(store.entries()) == 1
    store.close()


def test_an_open_desk_sees_what_was_restored(sqlite_url: str, home: Path, file: Path) -> None:
    store = open_store(sqlite_url, home=home)
    store.add_offer(an_offer())
    back_up(sqlite_url, file, home=home)
    store.add_offer(an_offer("op-2"))
    while store.wait_for_change(0):
        pass
    restore(sqlite_url, file, home=home, older=True)
    assert store.wait_for_change(1)
    assert store.add_offer(an_offer("op-3")).offer.seq == 2
    assert store.verify().ok
    store.close()


def test_a_damaged_database_is_set_aside_as_it_is(sqlite_url: str, home: Path, file: Path) -> None:
    store = open_store(sqlite_url, home=home)
    store.add_offer(an_offer())
    store.close()
    back_up(sqlite_url, file, home=home)
    (home / "desk.db").write_bytes(b"not a database, but somebody may want to look at it" * 100)
    restored = restore(sqlite_url, file, home=home)
    assert Path(restored.before).read_bytes().startswith(b"not a database")
    store = open_store(sqlite_url, home=home)
    assert store.verify().ok
    store.close()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 300, b"SQLite format 3\0" + b"\0" * 4000])
def test_what_is_no_backup_changes_nothing(sqlite_url: str, home: Path, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Damaged):
        restore(f"sqlite:///{home / 'fresh' / 'desk.db'}", file, home=home)
    assert not (home / "fresh").exists()
    store = open_store(sqlite_url, home=home)
    store.add_offer(an_offer())
    with pytest.raises((Damaged, Refused)):
        restore(sqlite_url, file, home=home)
    with pytest.raises(NotFound):
        restore(sqlite_url, file.parent / "nowhere", home=home)
    assert len(store.entries()) == 1
    assert not list(home.glob(".restore*"))
    store.close()


def test_a_backup_whose_texts_were_changed_is_not_put_back(sqlite_url: str, home: Path, file: Path) -> None:
    store = open_store(sqlite_url, home=home)
    fill_desk(store)
    store.close()
    back_up(sqlite_url, file, home=home)
    sound = file.read_bytes()
    at = sound.index("我们为您准备了".encode())
    file.write_bytes(sound[:at] + b"\xe4" + sound[at + 1 :])
    with pytest.raises(Damaged, match="was changed"):
        restore(sqlite_url, file, home=home)


def test_a_database_that_stays_busy_is_not_waited_for_for_ever(
    sqlite_url: str, home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "BUSY_TIMEOUT", 0.5)
    store = open_store(sqlite_url, home=home)
    store.add_offer(an_offer())
    back_up(sqlite_url, file, home=home)
    reader = sqlite3.connect(home / "desk.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM offer_entries").fetchall()
    with pytest.raises(NotSaved, match="busy"):
        restore(sqlite_url, file, home=home)
    reader.execute("ROLLBACK")
    reader.close()
    assert len(store.entries()) == 1
    store.close()


def test_after_a_restore_into_a_new_database_the_people_are_let_in_again(people: Team, home: Path, file: Path) -> None:
    agent, me = people.store("小李"), people.name("小李")
    agent.add_offer(an_offer(agent=me))
    back_up(people.owner, file, home=home)
    fresh = Team(people.server, home)
    try:
        restore(fresh.owner, file, home=home)
        team_accounts.add(fresh.owner, me, "agent", existing=True)
        again = open_store(sa.make_url(fresh.owner).set(username=me).render_as_string(hide_password=False), home=home)
        assert again.add_offer(an_offer("op-2", agent=me)).offer.seq == 2
        assert again.verify().ok
        again.close()
        team_accounts.remove(fresh.owner, me)
    finally:
        fresh.close()


def test_a_backup_is_synced_through_a_handle_that_may_write(
    desk: Store, url: str, home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to sync one that may only read, and no backup could ever be made."""
    import fcntl
    import os

    synced = []

    def fsync(handle: int) -> None:
        assert fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY, "EBADF on Windows"
        synced.append(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    back_up(url, file, home=home)
    assert synced


def test_a_damaged_database_that_another_program_holds_open_on_windows_is_not_replaced(
    sqlite_url: str, home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent_assist import files

    open_store(sqlite_url, home=home).close()
    back_up(sqlite_url, file, home=home)
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    database.write_bytes(b"no database at all" * 100)

    def held(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(files, "ON_WINDOWS", True)
    monkeypatch.setattr(files, "MOVE_TIMEOUT", 0.05)
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(NotSaved, match=r"Another program holds .* open") as refused:
        restore(sqlite_url, file, home=home)
    assert "Close other desks" in refused.value.hint
    assert database.read_bytes().startswith(b"no database")


def test_a_file_at_the_home_of_nobody_is_refused(desk: Store, url: str, home: Path) -> None:
    for call in (back_up, restore):
        with pytest.raises(Refused, match="no user “nosuchuser”"):
            call(url, Path("~nosuchuser/x"), home=home)
