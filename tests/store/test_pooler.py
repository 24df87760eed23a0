"""The store behind PgBouncer in transaction mode: the whole contract, and news by polling instead of LISTEN."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from agent_assist.store import Store, open_store
from agent_assist.store.engines import listener
from agent_assist.store.news import ANYTHING, News
from tests.offers.samples import an_offer
from tests.store.engines import Server
from tests.store.pooler import running_pooler, through
from tests.store.test_contract import *  # noqa: F403 - every promise again, on the `opening` below
from tests.store.test_contract import NOW, a_chat, an_incident
from tests.store.test_decisions import a_deed
from tests.store.test_team_listening import settled

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("pooler")]

CONFIG = """
[databases]
* = host={socket}
[pgbouncer]
listen_addr =
unix_socket_dir = {own}
pool_mode = transaction
auth_type = trust
auth_file = {own}/users
default_pool_size = 3
"""


@pytest.fixture(scope="session")
def pooler(postgres_server: Server) -> Iterator[Path]:
    with running_pooler(Path(postgres_server.handle.pgdata), CONFIG, {"users": '"postgres" ""\n'}) as own:
        yield own


@pytest.fixture
def pooled_url(postgres_url: str, pooler: Path) -> str:
    return through(postgres_url, pooler)


@pytest.fixture
def opening(pooled_url: str, home: Path) -> Callable[[], Store]:
    return lambda: open_store(pooled_url, home=home)


def test_settings_of_a_transaction_end_with_it(pooled_url: str, opening: Callable[[], Store]) -> None:
    """A read-only desk would otherwise leave its connection read-only to whoever gets it next."""
    store = opening()
    store.offers()
    with psycopg.connect(pooled_url, autocommit=True, prepare_threshold=None) as anybody:
        before = [_limits(anybody) for _ in range(5)]
        careful = open_store(pooled_url, read_only=True)
        for _ in range(20):
            careful.offers()
            store.add_offer(an_offer("same"))
        assert [_limits(anybody) for _ in range(5)] == before
    careful.close()
    store.close()


def _limits(connection: "psycopg.Connection[Any]") -> list[Any]:
    names = ("lock_timeout", "statement_timeout", "default_transaction_read_only", "synchronous_commit")
    return [connection.execute(f"SHOW {name}").fetchone() for name in names]


def test_no_statement_is_prepared_on_a_connection_that_others_get_next(opening: Callable[[], Store]) -> None:
    """psycopg would prepare one at its sixth time in a transaction, under a name that the next desk uses too."""
    stores = [opening() for _ in range(2)]
    for store in stores:
        with cast("Any", store).database.write(news=()) as connection:
            for _ in range(8):
                connection.exec_driver_sql("SELECT token FROM desk_changes")
    for store in stores:
        store.close()


def test_news_is_polled_and_says_what_changed(opening: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "POLL_SECONDS", 0.02)
    here, there = opening(), opening()
    settled(here)
    assert cast("Any", here).database._listener._poll is not None
    there.save_chat("小李", a_chat())
    assert not here.wait_for_change(0.2)
    there.open_incident(an_incident())
    assert here.wait_for_change(60) == (News("incident", "INC-1"),)
    offer = there.add_offer(an_offer()).offer
    assert here.wait_for_change(60) == (News("offer", offer.id, offer.agent),)
    there.publish_policy("", author="老周", at=NOW)
    assert here.wait_for_change(60) == (News("policy"),)
    there.erase("王女士", agent="老周", role="lead", reason="客户要求", at=NOW)
    assert here.wait_for_change(60) == (ANYTHING,)
    here.close()
    there.close()


def test_several_changes_between_two_polls_are_one_piece_of_news_each(
    opening: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "POLL_SECONDS", 0.02)
    here, there = opening(), opening()
    settled(here)
    first, second = there.open_incident(an_incident()), there.open_incident(an_incident("支付失败"))
    there.add_version(first, expected=1)
    offer = there.add_offer(an_offer()).offer
    there.decide(a_deed("voided", offer.id))
    heard: set[News] = set()
    while len(heard) < 4:
        heard |= {*here.wait_for_change(60)}
    assert heard == {
        News("incident", first.id),
        News("incident", second.id),
        News("offer", offer.id, offer.agent),
        News("decision", offer.id, offer.agent),
    }
    here.close()
    there.close()


def test_a_change_that_no_row_accounts_for_is_anything(
    opening: Callable[[], Store], pooled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opening()
    monkeypatch.setattr(listener, "POLL_SECONDS", 0.02)
    settled(here)
    with psycopg.connect(pooled_url) as by_hand:
        by_hand.execute("UPDATE desk_changes SET token = token + 1")
    assert here.wait_for_change(60) == (ANYTHING,)
    here.close()


def test_chats_count_as_changed_now_and_then(opening: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "CHATS_SECONDS", 0.1)
    here = opening()
    while here.wait_for_change(0.01) == (ANYTHING,):
        pass
    assert here.wait_for_change(60, agent="小李") == (News("chat", agent="小李"),)
    assert here.wait_for_change(60, agent="小李") == (News("chat", agent="小李"),)
    assert here.wait_for_change(0.3) == ()  # nobody's chats
    here.close()


def test_polling_ends_with_the_store(opening: Callable[[], Store]) -> None:
    here = opening()
    settled(here)
    begun = time.monotonic()
    here.close()
    assert here.wait_for_change(120) == ()
    assert time.monotonic() - begun < 60


def test_a_connection_on_which_no_notification_ever_arrives_is_polled(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pooler that gives the server's own process number away cannot be told from a server in any other way."""
    monkeypatch.setattr(listener, "CHANNEL", "nobody_speaks_here")
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(listener, "POLL_SECONDS", 0.02)
    here, there = open_store(postgres_url), open_store(postgres_url)
    settled(here)
    for _number in range(2):
        there.open_incident(an_incident())
        assert here.wait_for_change(60) == (ANYTHING,)
    assert cast("Any", here).database._listener._poll is not None
    settled(here)
    incident = there.open_incident(an_incident())
    assert here.wait_for_change(60) == (News("incident", incident.id),)
    here.close()
    there.close()
