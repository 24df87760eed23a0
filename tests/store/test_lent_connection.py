"""What a desk reads after news travels on the connection that brought it."""

from collections.abc import Iterator
from typing import Any, cast

import psycopg
import pytest

from agent_assist.offers import OfferFilter
from agent_assist.store import Store, open_store
from agent_assist.store.news import News
from tests.store.test_contract import NOW, a_chat, an_incident
from tests.store.test_offer_poll import until_quiet

COUNT = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend' AND application_name LIKE 'agent-assist%'"
)


@pytest.fixture
def desk(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A desk that waited so long that it holds the connection that listens and no other."""
    monkeypatch.setattr("agent_assist.store.engines.postgres.IDLE_SECONDS", 0.0)
    store = open_store(postgres_url)
    until_quiet(store, frozenset())
    yield store
    store.close()


@pytest.fixture
def server(postgres_url: str) -> "Iterator[psycopg.Connection[Any]]":
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def held(server: "psycopg.Connection[Any]") -> int:
    row = server.execute(COUNT).fetchone()
    return int(row[0]) if row else 0


def test_a_read_between_two_waits_opens_no_connection(desk: Store, server: "psycopg.Connection[Any]") -> None:
    assert held(server) == 1
    for _round in range(3):
        assert desk.incidents() == ()
        with cast("Any", desk).together():
            assert (desk.head().seq, desk.count(OfferFilter())) == (0, 0)
        assert held(server) == 1
        assert until_quiet(desk, frozenset()) == []


def test_news_that_comes_during_the_read_is_heard_after_it(desk: Store, postgres_url: str) -> None:
    there = open_store(postgres_url)
    with cast("Any", desk).database.read() as connection:
        there.open_incident(an_incident())
        assert connection.exec_driver_sql("SELECT count(*) FROM incident_versions").scalar() == 1
    assert until_quiet(desk, frozenset()) == [News("incident", "INC-1")]
    there.close()


def test_a_second_read_meanwhile_and_every_write_take_another_connection(
    desk: Store, server: "psycopg.Connection[Any]"
) -> None:
    with cast("Any", desk).database.read():
        assert desk.incidents() == ()
        assert held(server) == 2
    desk.save_chat("小李", a_chat())
    assert desk.open_chats("小李")[0].id == "c1"
    assert desk.missed_searches() == ()
    desk.missed_search("小李", "发票", NOW)
    assert held(server) == 2


def test_a_read_that_fails_leaves_the_connection_as_it_was(desk: Store, server: "psycopg.Connection[Any]") -> None:
    with pytest.raises(Exception, match="read"), cast("Any", desk).database.read() as connection:
        connection.exec_driver_sql("SELECT 1 / 0")
    assert until_quiet(desk, frozenset()) == []
    assert (desk.incidents(), held(server)) == ((), 1)


def test_a_connection_that_died_is_replaced_by_another_without_a_word(
    desk: Store, server: "psycopg.Connection[Any]"
) -> None:
    server.execute(COUNT.replace("count(*)", "pg_terminate_backend(pid, 5000)"))
    assert desk.incidents() == ()
    with pytest.raises(Exception, match=r"reached|lost|read"):
        desk.wait_for_change(0.1)
    assert desk.wait_for_change(30)
    assert desk.incidents() == ()
