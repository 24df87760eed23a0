"""A server that is killed, stopped at once or frozen under eight writers: nothing acknowledged is lost or doubled."""

import os

import pytest

from agent_assist.store.engines import postgres
from tests.store.crashing import Fault, own_server, strike_often

pytestmark = [pytest.mark.process, pytest.mark.skipif(os.name != "posix", reason="signals")]

_ROUND: list[Fault] = ["kill", "freeze", "stop"]


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_doubled_or_left_in_doubt(rounds: int) -> None:
    with own_server() as server:
        outcome = strike_often(server, _ROUND * rounds)
    print(outcome)
    assert (outcome.lost, outcome.doubled, outcome.unsettled, outcome.verified) == (0, 0, 0, True)


def test_a_server_that_speaks_before_the_disk_has_it_loses_what_it_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: the same blow with synchronous_commit off, which the program does not leave off."""
    monkeypatch.setattr(postgres, "_SYNCHRONOUS_COMMIT", "SET synchronous_commit = off")
    with own_server() as server:
        import psycopg

        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            connection.execute("SELECT pg_reload_conf()")
        outcome = strike_often(server, ["kill"])
    print(outcome)
    assert outcome.lost > 0
