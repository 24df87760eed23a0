"""A server that is gone, restarted or frozen: nothing waits for ever, and what was in doubt is settled by its op_id."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent_assist.errors import AgentAssistError, MaybeSaved, NotSaved
from agent_assist.store import open_store
from agent_assist.store.engines.postgres import LOCK_KEY, PostgresDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.sql import SqlStore
from tests.offers.samples import an_offer
from tests.store.engines import Server
from tests.store.test_only_grows import by_hand

DEADLINE = 1.0


class Services:
    """A store with a short deadline whose server can be frozen at the moment of a commit."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = PostgresDatabase(sa.make_url(url), deadline=DEADLINE)
        self.store = SqlStore(self.database, HeadFile(None))
        self._frozen: list[int] = []

    def freeze_at_commit(self) -> None:
        @sa.event.listens_for(self.database._engine, "commit", once=True)
        def _freeze(connection: sa.Connection) -> None:
            process = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            self._until_only_the_commit_is_missing(process)
            os.kill(process, signal.SIGSTOP)
            self._frozen.append(process)

    def _until_only_the_commit_is_missing(self, process: int) -> None:
        """What travels with the commit is done: a server that stalls in it would give up by itself."""
        counted = sa.text(
            "SELECT wait_event = 'ClientRead' AND EXISTS (SELECT FROM pg_locks WHERE pid = :process"
            " AND relation = 'offer_texts'::regclass AND mode = 'RowExclusiveLock')"
            " FROM pg_stat_activity WHERE pid = :process"
        )
        with by_hand(self.url) as other:
            while not other.scalar(counted, {"process": process}):
                other.rollback()

    def freeze_idle(self) -> None:
        with self.database.read() as connection:
            self._frozen.append(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        os.kill(self._frozen[-1], signal.SIGSTOP)

    def thaw(self) -> None:
        while self._frozen:
            os.kill(self._frozen.pop(), signal.SIGCONT)


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Services]:
    opened = Services(postgres_url)
    opened.store.add_offer(an_offer("first"))
    yield opened
    opened.thaw()
    opened.store.close()


def test_a_write_to_a_frozen_server_ends_at_the_deadline_and_was_not_saved(desk: Services) -> None:
    desk.freeze_idle()
    begun = time.monotonic()
    with pytest.raises(NotSaved):
        desk.store.add_offer(an_offer("second"))
    assert time.monotonic() - begun < DEADLINE * 3
    desk.thaw()
    assert not desk.store.add_offer(an_offer("second")).already


def test_a_read_from_a_frozen_server_ends_at_the_deadline(desk: Services) -> None:
    desk.freeze_idle()
    begun = time.monotonic()
    with pytest.raises(AgentAssistError, match="cannot be read"):
        desk.store.offers()
    assert time.monotonic() - begun < DEADLINE * 3
    assert len(desk.store.offers()) == 1


def test_a_commit_without_an_answer_is_maybe_saved_and_trying_again_settles_it(desk: Services) -> None:
    desk.freeze_at_commit()
    with pytest.raises(MaybeSaved) as maybe:
        desk.store.add_offer(an_offer("second"))
    assert maybe.value.op_id == "second"
    assert "second" in maybe.value.hint
    desk.thaw()
    desk.store.add_offer(an_offer("second"))
    assert [offer.seq for offer in desk.store.offers()] == [1, 2]


def test_a_late_answer_to_a_commit_is_waited_for_and_then_certain(desk: Services) -> None:
    desk.freeze_at_commit()
    thaw = threading.Timer(DEADLINE * 1.3, desk.thaw)
    thaw.start()
    recorded = desk.store.add_offer(an_offer("second"))
    thaw.join()
    assert (recorded.already, recorded.offer.seq) == (False, 2)
    assert desk.store.verify().ok


def test_a_connection_that_breaks_at_the_commit_is_settled_as_not_saved(desk: Services) -> None:
    @sa.event.listens_for(desk.database._engine, "commit", once=True)
    def _terminate(connection: sa.Connection) -> None:
        process = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with by_hand(desk.url) as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})

    with pytest.raises(NotSaved, match="connection"):
        desk.store.add_offer(an_offer("second"))
    assert not desk.store.add_offer(an_offer("second")).already


BREAKS_AT_THE_COMMIT = """
import sys
import sqlalchemy as sa
from agent_assist.errors import NotSaved
from agent_assist.store import open_store
from tests.offers.samples import an_offer

store = open_store(sys.argv[1])
own = sa.create_engine(sa.make_url(sys.argv[1]).set(drivername="postgresql+psycopg"))

@sa.event.listens_for(store.database._engine, "commit", once=True)
def terminate(connection):
    with own.connect() as other:
        process = connection.connection.dbapi_connection.info.backend_pid
        other.execute(sa.text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})

try:
    store.add_offer(an_offer())
except NotSaved as error:
    print(type(error).__name__)
"""


def test_no_library_prints_what_it_thinks_of_a_connection_that_broke(postgres_url: str) -> None:
    """Without a handler of its own Python prints warnings of libraries with their traceback, after our sentence."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BREAKS_AT_THE_COMMIT, postgres_url], capture_output=True, check=True
    )
    assert (ended.stdout, ended.stderr) == (b"NotSaved\n", b"")


def test_connections_that_died_meanwhile_are_replaced_without_a_word(desk: Services) -> None:
    with by_hand(desk.url) as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'agent-assist'"
        )
    assert desk.store.add_offer(an_offer("second")).offer.seq == 2
    assert len(desk.store.offers()) == 2


def test_a_log_that_another_desk_holds_for_too_long_is_not_saved_and_says_so(desk: Services) -> None:
    with by_hand(desk.url) as other:
        other.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
        with pytest.raises(NotSaved, match="another program keeps it busy"):
            desk.store.add_offer(an_offer("second"))
    assert desk.store.add_offer(an_offer("second")).offer.seq == 2


def test_a_long_check_may_take_longer_than_the_deadline_of_one_answer(desk: Services) -> None:
    with desk.database.read() as connection:
        for _ in range(3):
            connection.exec_driver_sql(f"SELECT pg_sleep({DEADLINE / 2})")


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1/desk", "nowhere.invalid/desk", "127.0.0.1:1/desk?sslmode=geheim", "127.0.0.1:1/%20"]
)
def test_a_server_that_cannot_be_reached_is_one_sentence_without_the_password(address: str) -> None:
    with pytest.raises(AgentAssistError) as failure:
        open_store(f"postgresql://me:geheim-passwort@{address}")
    assert "geheim-passwort" not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_read_only_is_kept_by_the_server(postgres_url: str, home: Path) -> None:
    store = open_store(postgres_url, read_only=True, home=home)
    with pytest.raises(NotSaved, match="read-only"):
        store.add_offer(an_offer())
    assert store.offers() == ()
    store.close()


def test_the_head_of_a_shared_log_is_kept_in_the_home_of_each_desk(postgres: Server, home: Path) -> None:
    url = postgres.url()
    store = open_store(url, home=home)
    store.add_offer(an_offer())
    assert store.verify().compared == store.head()
    assert [path.suffix for path in home.iterdir() if path.suffix not in (".lock", ".checked")] == [".head"]
    store.close()
