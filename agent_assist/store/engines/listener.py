"""LISTEN connection for change notifications from PostgreSQL, with reconnect and heartbeat.

Rule: notifications sent while it was not connected are lost, so every new connection counts as a change. The heartbeat
reads the change token: it detects a frozen server, and a change where a connection pooler drops LISTEN.
"""

import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg

from agent_assist.store import failures
from agent_assist.store.engines.watchdog import Watchdog, dup_socket
from agent_assist.store.news import ANYTHING, News, decode

CHANNEL = "agent_assist_changes"

HEARTBEAT_SECONDS = 10.0
"""Seconds between two reads of the change token while no notification arrives."""

_FIRST_RETRY_DELAY, _MAX_RETRY_DELAY = 0.25, 10.0
"""Seconds before a reconnect; the delay doubles with each failure."""


class _Link(NamedTuple):
    """An open connection and a duplicate of its socket, by which it can be shut down."""

    connection: psycopg.Connection[Any]
    dup: socket.socket


class Listener:
    """Waits for changes on a connection of its own. Call `wait` from one thread at a time, `stop` from any."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], watchdog: Watchdog, secret: str) -> None:
        self._connect = connect
        self._watchdog = watchdog
        self._secret = secret
        self._link: _Link | None = None
        self._token = -1
        self._heartbeat_at = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._last_error = ""
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> tuple[News, ...]:
        """See `protocol.Store.wait_for_change`. May take a connection time-out longer."""
        deadline = time.monotonic() + seconds
        try:
            if self._link is None:
                self._reconnect(deadline)
                return () if self._stopped.is_set() else (ANYTHING,)
            return self._wait_on(self._link, deadline)
        except (psycopg.Error, OSError) as error:
            self._disconnect()
            if self._stopped.is_set():
                return ()
            self._schedule_retry(failures.reason(error, self._secret))
            raise failures.unreachable(self._last_error) from error

    def stop(self) -> None:
        """End a running `wait`; no other may follow."""
        self._stopped.set()
        link = self._link
        if link is not None:
            with suppress(OSError):
                link.dup.shutdown(socket.SHUT_RDWR)

    def _wait_on(self, link: _Link, deadline: float) -> tuple[News, ...]:
        while not self._stopped.is_set():
            payloads = _receive(link, max(0.0, min(deadline, self._heartbeat_at) - time.monotonic()))
            if payloads:
                return self._read_payloads(payloads)
            if self._has_token_changed(link):
                return (ANYTHING,)
            if time.monotonic() >= deadline:
                break
        return ()

    def _read_payloads(self, payloads: list[str]) -> tuple[News, ...]:
        """Return the news of these notifications, each once; `ANYTHING` when one between them was missed."""
        news: dict[News, None] = {}
        for payload in payloads:
            token, changed = decode(payload)
            if token != self._token + 1:  # sent by a program of another version, forged, or one was lost
                changed = (*changed, ANYTHING)
            self._token = token
            news |= dict.fromkeys(changed)
        return (ANYTHING,) if ANYTHING in news else tuple(news)

    def _schedule_retry(self, reason: str) -> None:
        self._failures += 1
        self._last_error = reason
        delay = min(_MAX_RETRY_DELAY, _FIRST_RETRY_DELAY * 2 ** min(self._failures - 1, 8))
        self._retry_at = time.monotonic() + delay

    def _reconnect(self, deadline: float) -> None:
        delay = self._retry_at - time.monotonic()
        if delay > 0:
            self._stopped.wait(min(delay, max(0.0, deadline - time.monotonic())))
            if self._stopped.is_set():
                return
            if time.monotonic() < self._retry_at:  # not tried again yet: the last error still stands
                raise failures.unreachable(self._last_error)
        connection = self._connect()
        self._link = _Link(connection, dup_socket(connection))
        with self._watchdog.deadline(self._link.dup):
            connection.execute(f"LISTEN {CHANNEL}")
        self._token = self._read_token(self._link)
        self._failures = 0

    def _has_token_changed(self, link: _Link) -> bool:
        if time.monotonic() < self._heartbeat_at:
            return False
        before, self._token = self._token, self._read_token(link)
        return before != self._token

    def _read_token(self, link: _Link) -> int:
        with self._watchdog.deadline(link.dup):
            row = link.connection.execute("SELECT token FROM desk_changes").fetchone()
        # Spread over the desks of a team, or all would ask in the same moment after a restart of the server.
        self._heartbeat_at = time.monotonic() + HEARTBEAT_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311
        return int(row[0]) if row else -1

    def _disconnect(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with suppress(psycopg.Error, OSError):
                link.connection.close()
            link.dup.close()


def _receive(link: _Link, seconds: float) -> list[str]:
    """Return the payloads that arrive within these seconds: the first, and those that came together with it."""
    payloads = [notify.payload for notify in link.connection.notifies(timeout=seconds, stop_after=1)]
    if payloads:
        payloads += [notify.payload for notify in link.connection.notifies(timeout=0)]
    return payloads


def connector(arguments: Mapping[str, Any], seconds: float) -> Callable[[], psycopg.Connection[Any]]:
    """Return a function that connects a `Listener` and gives up after so many seconds."""

    def connect() -> psycopg.Connection[Any]:
        limit = max(2, round(seconds))
        return psycopg.connect(
            **arguments, autocommit=True, connect_timeout=limit, application_name="agent-assist listening"
        )

    return connect
