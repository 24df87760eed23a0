"""Hears at once what other desks wrote to a team's database, on a connection of its own that comes back by itself.

Rule: what arrived while nobody listened cannot be known, so every new connection counts as a change. A token read every
few seconds finds a frozen server, and hears for those whose connection goes through a pooler that keeps no listeners.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg

from agent_assist.store import failures
from agent_assist.store.engines.watchdog import Watchdog, dup_socket

CHANNEL = "agent_assist_changes"

HEARTBEAT_SECONDS = 3.0
"""Seconds of silence after which the server is asked whether it is still there."""

_FIRST_RETRY_DELAY, _MAX_RETRY_DELAY = 0.25, 10.0


class _Link(NamedTuple):
    """An open connection and the dup of its socket, by which it can be cut."""

    connection: psycopg.Connection[Any]
    dup: socket.socket


class Listener:
    """One desk's ear. `wait` is for one thread at a time; `stop` may come from any."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], watchdog: Watchdog, secret: str) -> None:
        self._connect = connect
        self._watchdog = watchdog
        self._secret = secret
        self._link: _Link | None = None
        self._token = -1
        self._token_read_at = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._last_error = ""
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> bool:
        """See `protocol.Store.wait_for_change`. While the server is away it may take as long as a deadline."""
        until = time.monotonic() + seconds
        try:
            if self._link is None:
                self._reconnect(until)
                return not self._stopped.is_set()
            while not self._stopped.is_set():
                left = max(0.0, min(until, self._token_read_at + HEARTBEAT_SECONDS) - time.monotonic())
                if _receive(self._link, left) or self._has_token_changed(self._link):
                    return True
                if time.monotonic() >= until:
                    break
        except (psycopg.Error, OSError) as error:
            self._disconnect()
            if self._stopped.is_set():
                return False
            self._failures += 1
            self._last_error = failures.reason(error, self._secret)
            pause = min(_MAX_RETRY_DELAY, _FIRST_RETRY_DELAY * 2 ** min(self._failures - 1, 8))
            self._retry_at = time.monotonic() + pause
            raise failures.unreachable(self._last_error) from error
        return False

    def stop(self) -> None:
        """Ends a `wait` that is under way; no other follows."""
        self._stopped.set()
        link = self._link
        if link is not None:
            with suppress(OSError):
                link.dup.shutdown(socket.SHUT_RDWR)

    def _reconnect(self, until: float) -> None:
        pause = self._retry_at - time.monotonic()
        if pause > 0:
            self._stopped.wait(min(pause, max(0.0, until - time.monotonic())))
            if self._stopped.is_set():
                return
            if time.monotonic() < self._retry_at:  # nothing new is known
                raise failures.unreachable(self._last_error)
        connection = self._connect()
        self._link = _Link(connection, dup_socket(connection))
        with self._watchdog.deadline(self._link.dup):
            connection.execute(f"LISTEN {CHANNEL}")
        self._token = self._read_token(self._link)
        self._failures = 0

    def _has_token_changed(self, link: _Link) -> bool:
        if time.monotonic() < self._token_read_at + HEARTBEAT_SECONDS:
            return False
        before, self._token = self._token, self._read_token(link)
        return before != self._token

    def _read_token(self, link: _Link) -> int:
        with self._watchdog.deadline(link.dup):
            row = link.connection.execute("SELECT token FROM desk_changes").fetchone()
        self._token_read_at = time.monotonic()
        return int(row[0]) if row else -1

    def _disconnect(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with suppress(psycopg.Error, OSError):
                link.connection.close()
            link.dup.close()


def _receive(link: _Link, seconds: float) -> bool:
    heard = False
    for _notify in link.connection.notifies(timeout=seconds, stop_after=1):
        heard = True
    if heard:  # several desks wrote at once: one look at the facts answers them all
        for _notify in link.connection.notifies(timeout=0):
            pass
    return heard


def connector(arguments: Mapping[str, Any], seconds: float) -> Callable[[], psycopg.Connection[Any]]:
    """Opens connections for a `Listener` that give up after so many seconds."""

    def connect() -> psycopg.Connection[Any]:
        limit = max(2, round(seconds))
        return psycopg.connect(
            **arguments, autocommit=True, connect_timeout=limit, application_name="agent-assist listening"
        )

    return connect
