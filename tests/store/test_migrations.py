"""Bringing a database up to date: once, whole or not at all, and never one that is not ours."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import agent_assist.store
from agent_assist.errors import Damaged
from agent_assist.offers import Head, OfferFilter
from agent_assist.offers.chain import offer_entry
from agent_assist.store import open_store
from agent_assist.store.engines.postgres import PostgresDatabase
from agent_assist.store.ledger import append
from agent_assist.store.migrate import HEAD, prepare
from agent_assist.store.schema import VERSION_TABLE, metadata
from tests.offers.samples import SALT, an_offer
from tests.store.engines import Server
from tests.store.test_only_grows import by_hand


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A database of each engine that was never opened by the program."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'desk.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.empty()


def affinity(kind: sa.types.TypeEngine[Any]) -> str:
    """Return the name of the generic type; SQLite has one integer type for both sizes."""
    generic = type(kind.as_generic())
    return "Integer" if issubclass(generic, sa.Integer) else generic.__name__


def columns(connection: sa.Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    """Return each table's columns: a word for the type, and whether it may be empty."""
    inspector = sa.inspect(connection)
    return {
        table: {
            column["name"]: (affinity(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
    }


def test_the_migrations_make_the_tables_that_the_queries_expect(url: str) -> None:
    with by_hand(url) as connection:
        made = columns(connection)
        for table in [VERSION_TABLE, "desk_changes"]:
            made.pop(table, None)
    with sa.create_engine("sqlite://").begin() as connection:
        metadata.create_all(connection)
        expected = columns(connection)
    assert made == expected


def test_the_revision_that_opening_looks_for_is_the_last_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(agent_assist.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.mark.process
def test_opening_a_current_database_imports_no_migrations_and_importing_the_room_no_database(sqlite_url: str) -> None:
    heavy = {"sqlalchemy", "alembic", "psycopg", "sqlite3", "textual"}
    program = (
        "import sys; from agent_assist.store import open_store; before = set(sys.modules);"
        f"open_store({sqlite_url!r}).close(); heavy = {heavy!r};"
        "print(sorted(heavy & before), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['sqlalchemy', 'sqlite3']"


def test_several_desks_may_open_a_new_database_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _number: open_store(empty_url), range(4)))
    assert [store.incidents() for store in stores] == [()] * 4
    for store in stores:
        store.close()


def test_a_migration_that_is_interrupted_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = command.upgrade

    def interrupted(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_store(empty_url)
    with by_hand(empty_url) as connection:
        assert sa.inspect(connection).get_table_names() == []
    monkeypatch.undo()
    open_store(empty_url).close()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_desk_of_an_older_version_is_brought_up_to_date_with_its_log(
    empty_url: str, home: Path, revision: str
) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(agent_assist.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with by_hand(empty_url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with by_hand(empty_url) as connection:
        append(connection, offer_entry(an_offer(), Head(), lambda: SALT))
    store = open_store(empty_url, home=home)
    with store.database.read() as connection:  # type: ignore[attr-defined]
        indexes = {each["name"] for each in sa.inspect(connection).get_indexes("offer_entries")}
    assert {"ix_offer_entries_author", "ix_offer_entries_kind", "ix_offer_entries_waiting"} <= indexes
    assert store.page(OfferFilter(state="offered"))[0].customer == "王女士"
    assert store.add_offer(an_offer("next")).offer.seq == 2
    assert store.verify().ok
    store.close()


def test_a_migration_of_a_long_log_has_no_deadline(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    database = PostgresDatabase(sa.make_url(postgres.empty()), deadline=0.5)
    upgrade = command.upgrade

    def slow(config: Config, revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("SELECT pg_sleep(1.2)")
        upgrade(config, revision)

    monkeypatch.setattr(command, "upgrade", slow)
    prepare(database, read_only=False, name="desk")
    prepare(database, read_only=True, name="desk")
    database.close()


def test_a_newer_database_is_left_alone(url: str) -> None:
    with by_hand(url) as connection:
        connection.exec_driver_sql("UPDATE agent_assist_version SET version_num = '9999'")
    with pytest.raises(Damaged, match="newer"):
        open_store(url)


def test_on_a_server_other_programs_tables_are_no_obstacle_unless_they_bear_our_names(postgres: Server) -> None:
    shared, taken = postgres.empty(), postgres.empty()
    with by_hand(shared) as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id int)")
    open_store(shared).close()
    with by_hand(taken) as connection:
        connection.exec_driver_sql("CREATE TABLE chats (id int)")
    with pytest.raises(Damaged, match="another program"):
        open_store(taken)


def test_replies_of_before_count_as_what_customers_were_told(empty_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(agent_assist.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    facts = '{"id":"INC-1","version":2,"title":"x","cause":"y","eta":{"at":null,"start":null,"end":null}}'
    replies = [
        (20, '{"incident_id":"INC-1","facts_version":2}'),
        (30, '{"incident_id":"INC-1","facts_version":2}'),  # only the first of a version counts
        (10, '{"incident_id":"INC-1","facts_version":1}'),
        (5, '{"incident_id":"","facts_version":0}'),
        (6, "garbage"),
        (7, "[" * 100_000),
        (8, '{"incident_id":"INC-1","facts_version":1' + "0" * 40 + "}"),
    ]
    with by_hand(empty_url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        version = "INSERT INTO incident_versions VALUES ('INC-1', 2, 1, 'identified', 'x', 0, :facts)"
        connection.execute(sa.text(version), {"facts": facts})
        for number, (at, reply) in enumerate(replies):
            words = "INSERT INTO sent_replies (op_id, agent, chat_id, at, reply) VALUES (:op, '小李', 'c', :at, :reply)"
            connection.execute(sa.text(words), {"op": f"s{number}", "at": at, "reply": reply})
    store = open_store(empty_url)
    told = [(each.version, each.tells, each.channel) for each in store.publications(["INC-1"])]
    assert told == [(1, ("notice",), "reply"), (2, ("notice", "cause"), "reply")]
    store.close()
