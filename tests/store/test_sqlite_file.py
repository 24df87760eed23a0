"""The SQLite file itself: who may read it, how it syncs, and files that are not what they should be."""

import os
import sqlite3
import stat
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from agent_assist.errors import AgentAssistError, Damaged, NotFound, Refused
from agent_assist.offers import Head
from agent_assist.store import open_store
from agent_assist.store.engines.sqlite import SqliteDatabase, file_uri
from tests.offers.samples import an_offer
from tests.store.test_contract import NOW


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def filled(home: Path, offers: int = 3) -> Path:
    """A closed desk with some offers."""
    store = open_store(f"sqlite:///{home / 'desk.db'}", home=home)
    for number in range(offers):
        store.add_offer(an_offer(f"op-{number}"))
    store.close()
    return home / "desk.db"


def pragmas(database: SqliteDatabase, *names: str) -> list[object]:
    with database.read() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    database.close()
    return found


def test_only_the_owner_may_read_what_is_stored(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        home = tmp_path / "new" / "home"
        filled(home)
        assert mode(home) == 0o700
        assert {path.name: mode(path) for path in home.iterdir()} == dict.fromkeys(
            ("desk.db", "desk.head", "desk.head.lock"), 0o600
        )
    finally:
        os.umask(old)


def test_every_commit_reaches_the_disk_before_it_is_acknowledged(home: Path) -> None:
    extra, on, ten_seconds = 3, 1, 10_000
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    assert pragmas(SqliteDatabase(filled(home)), *names) == ["delete", extra, on, ten_seconds, on]


def test_the_write_ahead_log_needs_a_sqlite_that_is_sound_with_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{home / 'desk.db'}?journal=wal"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(Refused, match=r"3\.51\.3"):
        open_store(url, home=home)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    store = open_store(url, home=home)
    full = 2
    assert pragmas(SqliteDatabase(home / "desk.db", wal=True), "journal_mode", "synchronous") == ["wal", full]
    store.close()
    open_store(f"sqlite:///{home / 'desk.db'}", home=home).close()
    assert pragmas(SqliteDatabase(home / "desk.db"), "journal_mode") == ["delete"]


@pytest.mark.parametrize("loss", ["emptied", "removed"])
def test_an_emptied_or_removed_file_is_never_begun_anew_while_its_log_is_remembered(home: Path, loss: str) -> None:
    path = filled(home)
    path.unlink()
    if loss == "emptied":
        path.touch()
    with pytest.raises(Damaged, match="3 entries") as damaged:
        open_store(f"sqlite:///{path}", home=home)
    assert "desk.head" in damaged.value.hint
    assert not path.exists() or path.stat().st_size == 0
    (home / "desk.head").rename(home / "desk.head.away")
    assert open_store(f"sqlite:///{path}", home=home).offers() == ()


def test_a_new_and_empty_file_becomes_a_desk(home: Path) -> None:
    (home / "desk.db").touch()
    assert open_store(f"sqlite:///{home / 'desk.db'}", home=home).incidents() == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"not a database at all, only some text that is long enough" * 20, "damaged"), (b"\0" * 8192, "damaged")],
    ids=["text", "zeros"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Path, content: bytes, reason: str) -> None:
    path = home / "desk.db"
    path.write_bytes(content)
    with pytest.raises(Damaged, match=reason) as damaged:
        open_store(f"sqlite:///{path}", home=home)
    assert "AGENT_ASSIST_DATABASE" in damaged.value.hint
    assert path.read_bytes() == content


def test_a_truncated_database_is_refused_in_one_sentence(home: Path) -> None:
    path = filled(home)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    with pytest.raises(Damaged) as damaged:
        open_store(f"sqlite:///{path}", home=home).verify()
    assert "\n" not in str(damaged.value)


def test_another_program_s_database_is_left_alone(home: Path) -> None:
    path = home / "desk.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(Damaged, match="another program"):
        open_store(f"sqlite:///{path}", home=home)
    assert path.read_bytes() == before


def test_a_newer_agent_assist_s_database_is_left_alone(home: Path) -> None:
    path = filled(home)
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE agent_assist_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(Damaged, match="newer") as damaged:
        open_store(f"sqlite:///{path}", home=home)
    assert "Update" in damaged.value.hint


def test_a_damaged_page_is_reported_and_the_rest_still_reads(home: Path) -> None:
    path = filled(home)
    with sqlite3.connect(path) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'uses'").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    store = open_store(f"sqlite:///{path}", home=home, read_only=True)
    assert len(store.offers()) == 3
    assert store.verify().ok
    with pytest.raises(Damaged, match="damaged"):
        store.uses()
    store.close()


def test_read_only_reads_and_never_writes(home: Path) -> None:
    url = f"sqlite:///{home / 'desk.db'}"
    with pytest.raises(NotFound):
        open_store(url, home=home, read_only=True)
    assert not (home / "desk.db").exists()
    filled(home)
    store = open_store(url, home=home, read_only=True)
    assert len(store.offers()) == 3
    with pytest.raises(AgentAssistError, match="Not saved"):
        store.add_offer(an_offer("more"))
    store.close()


def test_a_file_busy_for_too_long_is_not_saved_and_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_assist.store.engines.sqlite.BUSY_TIMEOUT", 0.05)
    path = filled(home)
    store = open_store(f"sqlite:///{path}", home=home)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(AgentAssistError, match="Not saved: another program keeps it busy"):
        store.add_offer(an_offer("more"))
    assert len(store.offers()) == 3
    other.execute("ROLLBACK")
    other.close()
    assert store.add_offer(an_offer("more")).offer.seq == 4
    store.close()


def test_a_full_disk_is_not_saved_and_the_next_write_works(home: Path) -> None:
    path = filled(home)
    store = open_store(f"sqlite:///{path}", home=home)
    with SqliteDatabase(path).read() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

    def limit(pages: int) -> None:
        with store.database.read() as connection:  # type: ignore[attr-defined]
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    limit(pages)
    with pytest.raises(AgentAssistError, match="Not saved: the disk is full"):
        store.add_offer(an_offer("more", sentence="很长" * 9000))
    assert len(store.offers()) == 3
    limit(pages + 1000)
    assert store.add_offer(an_offer("more", sentence="很长" * 9000)).offer.seq == 4
    assert store.verify().ok
    store.close()


@pytest.mark.parametrize(
    "url", ["", "desk.db", "sqlite://", "sqlite:///:memory:", "mysql://me:geheim@host/desk", "postgresql://", "a:b:c"]
)
def test_a_url_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match="sqlite:") as refused:
        open_store(url)
    assert "geheim" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AgentAssistError, match="file"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'desk.db'}")


def test_the_head_outside_follows_each_entry(home: Path) -> None:
    store = open_store(f"sqlite:///{filled(home, 2)}", home=home)
    assert store.verify().compared == store.head()
    (home / "desk.head").write_text('{"seq":1,"hash":"' + store.entries()[0].hash + '"}')  # a crash in between
    verdict = store.verify()
    assert (verdict.ok, verdict.compared) == (True, Head(1, store.entries()[0].hash))
    store.add_offer(an_offer("next"))
    assert store.verify().compared == store.head()
    store.close()


def test_an_older_copy_put_back_is_found_and_stays_found(home: Path) -> None:
    path = filled(home, 2)
    copy = path.read_bytes()
    filled(home, 4)
    path.write_bytes(copy)
    store = open_store(f"sqlite:///{path}", home=home)
    assert store.verify().bad_seq == 3
    for number in range(10, 15):
        store.add_offer(an_offer(f"op-{number}"))
    assert store.verify().bad_seq == 4  # numbered again, but not the entry that was seen
    store.close()


def test_an_unreadable_head_file_stops_the_check_but_not_the_work(home: Path) -> None:
    store = open_store(f"sqlite:///{filled(home)}", home=home)
    (home / "desk.head").write_text("{")
    assert store.add_offer(an_offer("more")).offer.seq == 4
    with pytest.raises(Damaged, match=r"desk\.head"):
        store.verify()
    store.close()


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/a?b/50%/x#.db"), "file:/home/a%3Fb/50%25/x%23.db?mode=rw"),
        (PurePosixPath(os.fsdecode(b"/b\xff/x.db")), "file:/b%FF/x.db?mode=rw"),
        (PureWindowsPath("C:\\Users\\王 女\\a?b.db"), "file:///C:/Users/%E7%8E%8B%20%E5%A5%B3/a%3Fb.db?mode=rw"),
        (PureWindowsPath("\\\\server\\share\\x.db"), "file:////server/share/x.db?mode=rw"),
    ],
)
def test_sqlite_opens_exactly_this_path(path: PurePath, uri: str) -> None:
    """A drive behind `file:` without three slashes, or escaped as C%3A, is no path that SQLite finds on Windows."""
    assert file_uri(path, "rw") == uri


def test_on_macos_a_commit_reaches_the_disk_itself(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "x.db")
    database.create()
    assert pragmas(database, "fullfsync", "checkpoint_fullfsync") == [1, 1]


def test_a_database_url_of_nobody_s_home_or_of_no_possible_name_is_refused(tmp_path: Path) -> None:
    for url in ("sqlite:///~nosuchuser/x.db", "sqlite:////tmp/a%00b.db", os.fsdecode(b"postgresql://h\xff/x")):
        with pytest.raises(Refused):
            open_store(url, home=tmp_path)


@pytest.mark.parametrize(
    "content", [b'{"seq":' + b"9" * 25 + b',"hash":"x"}', b'{"seq":-1,"hash":"x"}', b"\xff", b"[" * 9_000, b"1" * 9_000]
)
def test_a_head_that_no_log_could_have_is_damaged_and_ends_nothing_else(tmp_path: Path, content: bytes) -> None:
    from agent_assist.store.database_info import read_database_info

    filled(tmp_path)
    (tmp_path / "desk.head").write_bytes(content)
    with pytest.raises(Damaged, match=r"desk\.head"):
        read_database_info(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)


def test_a_head_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "desk.head").unlink()
    os.mkfifo(tmp_path / "desk.head")
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert store.add_offer(an_offer("after")).offer.seq == 4  # the head only stays behind
    with pytest.raises(Damaged):
        store.verify()
    store.close()


def test_deleted_texts_are_cleared_also_where_sqlite_would_not_do_it_by_itself(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some systems build SQLite so that it clears, others do not: it must not depend on that."""
    connect = sqlite3.connect

    def without(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", without)
    store = open_store(f"sqlite:///{home / 'desk.db'}", home=home)
    store.missed_search("小李", "canary-of-a-customer", NOW)
    with store.database.write() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("DELETE FROM missed_searches")
    store.close()
    assert b"canary-of-a-customer" not in (home / "desk.db").read_bytes()


def test_a_damaged_name_in_the_schema_is_said_as_damage(sqlite_url: str, home: Path) -> None:
    path = home / "desk.db"
    content = path.read_bytes()
    assert b"CREATE INDEX ix_offer_entries_tier" in content
    path.write_bytes(content.replace(b"CREATE INDEX ix_offer_entries_tier", b"CREATE INDEX \xf1x_offer_entries_(ier"))
    with pytest.raises(Damaged, match="damaged"):
        open_store(sqlite_url, home=home)
