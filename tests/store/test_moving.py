"""Moving a desk between engines: everything arrives as it was written, or nothing does."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from agent_assist.errors import Damaged, NotSaved, Refused
from agent_assist.offers import Head
from agent_assist.store import open_store
from agent_assist.store.engines.postgres import PostgresDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.opening import open_sql_store
from agent_assist.store.sql import SqlStore
from agent_assist.store.transfer import table_copy
from agent_assist.store.transfer.move import locked, move
from tests.offers.samples import an_offer
from tests.store.full_desk import fill_desk
from tests.store.teams import Team
from tests.store.test_contract import SENT, an_incident
from tests.store.test_only_grows import by_hand, without_triggers


@pytest.fixture
def full_url(url: str, home: Path) -> str:
    """A full desk on each engine."""
    store = open_store(url, home=home)
    fill_desk(store)
    store.close()
    return url


@pytest.fixture
def new_url(full_url: str, postgres_url: str, home: Path) -> str:
    """An empty database of the other engine."""
    return postgres_url if full_url.startswith("sqlite") else f"sqlite:///{home / 'new' / 'desk.db'}"


def contents(url: str) -> object:
    with by_hand(url) as connection:
        return table_copy.checksums(connection)


def test_every_row_arrives_byte_by_byte_and_the_log_verifies(full_url: str, new_url: str, home: Path) -> None:
    before = open_store(full_url, home=home)
    moved = move(full_url, new_url, home=home)
    after = open_store(new_url, home=home)
    assert after.entries() == before.entries()
    assert (moved.head, after.head()) == (before.head(), before.head())
    assert contents(new_url) == contents(full_url)
    verdict = after.verify()
    assert verdict.ok
    assert verdict.compared == before.head()
    assert before.verify().ok
    for store in (before, after):
        store.close()


def test_there_and_back_again_is_the_same_desk(full_url: str, new_url: str, home: Path) -> None:
    move(full_url, new_url, home=home)
    back = f"sqlite:///{home / 'back.db'}"
    move(new_url, back, home=home)
    assert contents(back) == contents(full_url)
    assert (home / "back.db").stat().st_mode & 0o777 == 0o600


def test_work_goes_on_in_the_new_place(full_url: str, new_url: str, home: Path) -> None:
    move(full_url, new_url, home=home)
    store = open_store(new_url, home=home)
    assert store.add_offer(an_offer("op-0", customer="顾客0", order="B0", chat_id="x0")).already
    count = len(store.entries())
    assert store.add_offer(an_offer("new")).offer.seq == count + 1
    assert store.open_incident(an_incident()).id == "INC-2"
    assert store.record_sent("小李", "c1", SENT, op_id="sent-1") is None
    store.record_sent("小李", "c1", SENT, op_id="sent-3")
    assert len(store.open_chats("小李")[0].sent) == 3
    store.close()


@pytest.mark.parametrize("moment", [0, 0.5, 1])
def test_a_cancelled_move_leaves_the_target_empty(full_url: str, new_url: str, home: Path, moment: float) -> None:
    def cancel(done: int, everything: int) -> None:
        if done >= moment * everything:
            raise KeyboardInterrupt

    before = contents(full_url)
    with pytest.raises(KeyboardInterrupt):
        move(full_url, new_url, home=home, progress=cancel)
    if new_url.startswith("sqlite"):
        assert list((home / "new").iterdir()) == []
    else:
        with by_hand(new_url) as connection:
            assert table_copy.is_empty(connection)
    assert contents(full_url) == before
    move(full_url, new_url, home=home)
    assert contents(new_url) == before


def test_progress_ends_with_everything(full_url: str, new_url: str, home: Path) -> None:
    seen: list[tuple[int, int]] = []
    moved = move(full_url, new_url, home=home, progress=lambda done, everything: seen.append((done, everything)))
    assert seen[-1] == (moved.rows, moved.rows)
    assert [done for done, _all in seen] == sorted(done for done, _all in seen)


def test_nothing_is_poured_into_a_database_that_holds_something(full_url: str, new_url: str, home: Path) -> None:
    store = open_store(new_url, home=home)
    store.missed_search("小李", "x", SENT.at)
    store.close()
    before = contents(new_url)
    with pytest.raises(Refused, match="not empty"):
        move(full_url, new_url, home=home)
    with pytest.raises(Refused, match="same database"):
        move(full_url, full_url, home=home)
    assert contents(new_url) == before


def test_a_log_that_was_changed_is_not_moved(full_url: str, new_url: str, home: Path) -> None:
    with by_hand(full_url) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET minor = 1 WHERE seq = 2")
    with pytest.raises(Damaged, match="#2"):
        move(full_url, new_url, home=home)


def test_a_target_whose_log_is_known_and_gone_is_left_alone(full_url: str, new_url: str, home: Path) -> None:
    store = open_sql_store(new_url, read_only=False, home=home)
    store.head_file.reset(Head(3, "abc"))
    store.close()
    if new_url.startswith("sqlite"):
        (home / "new" / "desk.db").unlink()
    with pytest.raises(Damaged, match="had 3 entries"):
        move(full_url, new_url, home=home)


def test_nobody_writes_into_the_source_meanwhile(full_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_assist.store.engines.sqlite.BUSY_TIMEOUT", 0.2)
    moving, other = (
        open_sql_store(full_url, read_only=False, home=None),
        open_sql_store(full_url, read_only=False, home=None),
    )
    if full_url.startswith("postgres"):
        other.close()
        other = SqlStore(PostgresDatabase(sa.make_url(full_url), deadline=0.5), HeadFile(None))
    with locked(moving), pytest.raises(NotSaved, match="another program keeps it busy"):
        other.missed_search("小李", "x", SENT.at)
    with locked(moving), pytest.raises(NotSaved, match="another program keeps it busy"):
        other.add_offer(an_offer("late"))
    moving.close()
    other.close()


def test_in_a_team_only_the_owner_moves_and_everybody_finds_their_own(people: Team, home: Path) -> None:
    source = f"sqlite:///{home / 'solo.db'}"
    store = open_store(source, home=home)
    me = people.name("小李")
    store.add_offer(an_offer(agent=me))
    store.close()
    with pytest.raises(Refused, match="Only the owner"):
        move(source, people.url("老周"), home=home)
    move(source, people.owner, home=home)
    agent = people.store("小李")
    assert agent.add_offer(an_offer("op-2", agent=me)).offer.seq == 2
    assert agent.verify().ok
    with pytest.raises(Refused, match="Only the owner"):
        move(people.url("小李"), f"sqlite:///{home / 'copy.db'}", home=home)
    assert not (home / "copy.db").exists()
