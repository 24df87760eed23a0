"""Offers and decisions announce themselves to nobody; who waits for them finds them."""

import time
from collections.abc import Iterator
from typing import Any, cast

import psycopg
import pytest

from agent_assist.offers import Offer
from agent_assist.store import Store, open_store
from agent_assist.store.engines import offer_poll
from agent_assist.store.engines.offer_poll import OfferPoll
from agent_assist.store.news import ANYTHING, News
from tests.offers.samples import an_offer
from tests.store.test_contract import an_incident
from tests.store.test_decisions import a_deed

LISTENERS, OFFERS = 12, 10


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer_poll, "POLL_SECONDS", 0.02)


@pytest.fixture
def here(postgres_url: str) -> Iterator[Store]:
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture
def there(postgres_url: str) -> Iterator[Store]:
    store = open_store(postgres_url)
    yield store
    store.close()


def until_quiet(store: Store, offers: frozenset[str] | None, agent: str = "") -> list[News]:
    """What is heard until nothing more comes."""
    heard: list[News] = []
    while news := store.wait_for_change(0.2, agent=agent, offers=offers):
        heard += news
    return heard


def offered(store: Store, op_id: str = "op", agent: str = "小李") -> Offer:
    return store.add_offer(an_offer(op_id, agent=agent)).offer


def transactions(server: "psycopg.Connection[Any]") -> int:
    """How many transactions ended in this database, once no more of them is counted."""
    before = -1
    while True:
        row = server.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        now = int(row[0]) if row else 0
        if now == before + 1:  # only the question itself
            return now
        before = now
        time.sleep(1.1)  # a backend that is idle passes on its counts once a second


def test_an_offer_occupies_no_desk_that_does_not_wait_for_it(postgres_url: str, there: Store) -> None:
    desks = [open_store(postgres_url) for _ in range(LISTENERS)]
    for number, desk in enumerate(desks):
        until_quiet(desk, frozenset(), f"客服{number}")
    with psycopg.connect(postgres_url, autocommit=True) as server:
        offered(there, "first")
        before = transactions(server)
        for number in range(OFFERS):
            there.decide(a_deed("voided", offered(there, f"op-{number}").id, op_id=f"void-{number}"))
        cost = transactions(server) - before
    assert cost < OFFERS * LISTENERS, "an offer and a decision announced to all would cost twice as much"
    for number, desk in enumerate(desks):
        assert until_quiet(desk, frozenset(), f"客服{number}") == []
        desk.close()


def test_who_waits_for_a_decision_hears_of_it_once(here: Store, there: Store) -> None:
    mine, other = offered(there, "mine"), offered(there, "other")
    assert until_quiet(here, frozenset([mine.id])) == [ANYTHING]
    there.decide(a_deed("voided", other.id, op_id="void other"))
    assert until_quiet(here, frozenset([mine.id])) == []
    there.decide(a_deed("voided", mine.id, op_id="void mine"))
    assert until_quiet(here, frozenset([mine.id])) == [News("decision", mine.id, "小李")]


def test_a_decision_that_came_before_anybody_waited_is_heard(here: Store, there: Store) -> None:
    until_quiet(here, frozenset())
    offer = offered(there)
    there.decide(a_deed("voided", offer.id))
    assert until_quiet(here, frozenset([offer.id])) == [News("decision", offer.id, "小李")]


def test_who_shows_the_log_hears_of_all_and_of_what_came_before_it_asked(here: Store, there: Store) -> None:
    until_quiet(here, frozenset())
    offered(there, "before")
    assert until_quiet(here, None) == [ANYTHING]
    offer = offered(there, "after")
    there.decide(a_deed("voided", offer.id))
    assert set(until_quiet(here, None)) == {News("offer", offer.id, "小李"), News("decision", offer.id, "小李")}


def test_many_entries_at_once_are_anything(here: Store, there: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    until_quiet(here, None)
    monkeypatch.setattr(offer_poll, "_MAX_OFFERS", 2)
    monkeypatch.setattr(offer_poll, "_SINCE", offer_poll._SINCE.replace(b"LIMIT 101", b"LIMIT 3"))
    for number in range(4):
        offered(there, f"op-{number}")
    assert ANYTHING in until_quiet(here, None)
    offer = offered(there, "last")
    assert until_quiet(here, None) == [News("offer", offer.id, "小李")]


def test_another_terminal_of_the_agent_hears_of_the_offer_and_nobody_else(
    here: Store, there: Store, postgres_url: str
) -> None:
    another = open_store(postgres_url)
    for store, agent in ((here, "小李"), (another, "小陈")):
        until_quiet(store, frozenset(), agent)
    offered(there)
    assert until_quiet(here, frozenset(), "小李") == [News("offer", agent="小李")]
    assert until_quiet(another, frozenset(), "小陈") == []
    another.close()


def test_offers_count_as_changes_all_the_same(here: Store) -> None:
    here.open_incident(an_incident())
    before = here.change_token()
    offer = offered(here)
    between = here.change_token()
    here.decide(a_deed("voided", offer.id))
    assert before < between < here.change_token()


def test_the_pause_grows_while_nothing_comes_and_not_beyond_bounds(
    postgres_url: str, there: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offered(there)
    poll = OfferPoll()
    poll.watch([offer.id])
    with psycopg.connect(postgres_url, autocommit=True) as connection:

        def look() -> float:
            """One look, as if it were time; the pause after it."""
            poll.due_at = 0.0
            poll.read(connection)
            return poll._pause

        pauses = [look() for _ in range(1000)]
        assert pauses == sorted(pauses)
        assert pauses[0] < 0.021
        assert pauses[-1] == offer_poll.MAX_POLL_SECONDS
        there.decide(a_deed("voided", offer.id))
        assert look() == offer_poll.POLL_SECONDS
    poll.watch([])
    assert poll.due_at == float("inf")


def test_nobody_looks_while_nobody_waits(here: Store) -> None:
    until_quiet(here, frozenset())
    assert cast("Any", here).database._listener._offers.due_at == float("inf")
