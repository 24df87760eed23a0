"""Deadlines: a second handle on the socket of a connection ends a call that waits on it."""

import socket
import time

import psycopg
import pytest

from agent_assist.store.engines.watchdog import Watchdog, dup_socket


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6])
def test_a_late_call_is_ended_whatever_the_family_of_its_socket(family: socket.AddressFamily) -> None:
    """One that takes every connection for IPv4 works by luck where the server is reached by a socket file."""
    if family == socket.AF_UNIX:
        near, far = socket.socketpair()
    else:
        with socket.create_server(("localhost" if family == socket.AF_INET else "::1", 0), family=family) as server:
            near = socket.create_connection(server.getsockname()[:2])
            far = server.accept()[0]
    watchdog = Watchdog(0.2)
    with near, far, dup_socket(near) as dup:
        assert dup.family == family
        far.settimeout(10)
        with watchdog.deadline(dup):
            assert far.recv(1) == b""  # shut when it was late
    watchdog.stop()


@pytest.mark.process
def test_a_late_call_of_psycopg_is_ended_by_its_socket(postgres_url: str) -> None:
    """psycopg changed, if this fails: nothing else ends a call whose server does not answer."""
    watchdog = Watchdog(0.3)
    with psycopg.connect(postgres_url) as connection, dup_socket(connection) as dup:
        started = time.monotonic()
        with watchdog.deadline(dup), pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(60)")
        assert time.monotonic() - started < 30
        assert connection.broken
    watchdog.stop()


@pytest.mark.process
def test_closing_the_second_handle_leaves_the_connection_of_psycopg_open(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        dup_socket(connection).close()
        assert connection.execute("SELECT 1").fetchone() == (1,)
