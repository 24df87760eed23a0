"""Hearing of what others wrote: at once, from any engine, and again after the server was away."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import sqlalchemy as sa

from agent_assist.errors import Unreachable
from agent_assist.store import Store, open_store
from agent_assist.store.engines import listener
from tests.offers.samples import an_offer
from tests.store.teams import Team
from tests.store.test_contract import an_incident
from tests.store.test_only_grows import by_hand
from tests.store.test_team import facts_by

_BREAK = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE application_name = 'agent-assist listening' AND datname = current_database()"
)


@pytest.fixture
def waiting(postgres_url: str) -> Iterator[Store]:
    """A desk of a team that heard everything up to now."""
    opened = open_store(postgres_url)
    assert opened.wait_for_change(5)
    yield opened
    opened.close()


def settled(store: Store) -> None:
    while store.wait_for_change(0.05):
        pass


def test_a_change_by_another_desk_ends_the_wait_long_before_its_time(opening: Callable[[], Store]) -> None:
    here, there = opening(), opening()
    settled(here)
    assert not here.wait_for_change(0.1)
    writer = threading.Timer(0.2, lambda: there.open_incident(an_incident()))
    writer.start()
    begun = time.monotonic()
    assert here.wait_for_change(120)
    assert time.monotonic() - begun < 60
    writer.join()
    settled(here)
    assert not here.wait_for_change(0.1)
    there.close()
    here.close()


def test_what_was_written_between_two_waits_is_not_missed(opening: Callable[[], Store]) -> None:
    here, there = opening(), opening()
    settled(here)
    there.add_offer(an_offer())
    assert here.wait_for_change(2)
    there.close()
    here.close()


def test_closing_the_store_ends_a_wait(opening: Callable[[], Store]) -> None:
    here = opening()
    settled(here)
    closing = threading.Timer(0.2, here.close)
    closing.start()
    begun = time.monotonic()
    assert not here.wait_for_change(120)
    assert time.monotonic() - begun < 60
    closing.join()


def test_agents_and_leads_of_a_team_hear_each_other(people: Team) -> None:
    agent, lead = people.store("小李"), people.store("老周")
    settled(agent)
    lead.open_incident(facts_by(people, "老周"))
    assert agent.wait_for_change(2)


def test_a_connection_that_breaks_is_an_outage_and_then_counts_as_a_change(waiting: Store, postgres_url: str) -> None:
    with by_hand(postgres_url) as other:
        other.execute(sa.text(_BREAK))
    with pytest.raises(Unreachable, match="cannot be read"):
        waiting.wait_for_change(5)
    assert waiting.wait_for_change(5)
    assert not waiting.wait_for_change(0.1)


def test_a_server_that_stays_away_is_asked_again_with_growing_pauses(waiting: Store) -> None:
    listener = waiting.database._listener  # type: ignore[attr-defined]
    listener._disconnect()
    tried: list[float] = []

    def refuse() -> None:
        tried.append(time.monotonic())
        raise OSError("connection refused")

    connect, listener._connect = listener._connect, refuse
    for _ in range(6):
        with pytest.raises(Unreachable, match=r"connection refused|away"):
            waiting.wait_for_change(0.3)
    gaps = [after - before for before, after in pairwise(tried)]
    assert len(tried) < 6
    assert gaps == sorted(gaps)
    listener._connect = connect
    listener._retry_at = 0.0
    assert waiting.wait_for_change(1)


def test_a_desk_behind_a_pooler_that_keeps_no_listeners_hears_by_asking(
    waiting: Store, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 0.1)
    waiting.database._listener._heartbeat_at = 0.0  # type: ignore[attr-defined]
    waiting.database._listener._link.connection.execute("UNLISTEN *")  # type: ignore[attr-defined]
    other = open_store(postgres_url)
    other.add_offer(an_offer())
    assert waiting.wait_for_change(2)
    assert not waiting.wait_for_change(0.2)
    other.close()
