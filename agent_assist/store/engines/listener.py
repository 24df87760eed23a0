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
from agent_assist.store.engines.watchdog import Watchdog, twin_of

CHANNEL = "agent_assist_changes"

HEARTBEAT = 3.0
"""Seconds of silence after which the server is asked whether it is still there."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 10.0


class _Line(NamedTuple):
    """An open connection and the twin of its socket, by which it can be cut."""

    connection: psycopg.Connection[Any]
    twin: socket.socket


class Listener:
    """One desk's ear. `wait` is for one thread at a time; `stop` may come from any."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], watchdog: Watchdog, secret: str) -> None:
        self._connect = connect
        self._watchdog = watchdog
        self._secret = secret
        self._line: _Line | None = None
        self._token = -1
        self._asked_at = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._why = ""
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> bool:
        """See `protocol.Store.wait_for_change`. While the server is away it may take as long as a deadline."""
        until = time.monotonic() + seconds
        try:
            if self._line is None:
                self._come_back(until)
                return not self._stopped.is_set()
            while not self._stopped.is_set():
                left = max(0.0, min(until, self._asked_at + HEARTBEAT) - time.monotonic())
                if _heard(self._line, left) or self._missed(self._line):
                    return True
                if time.monotonic() >= until:
                    break
        except (psycopg.Error, OSError) as error:
            self._drop()
            if self._stopped.is_set():
                return False
            self._failures += 1
            self._why = failures.reason(error, self._secret)
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failures - 1, 8))
            self._retry_at = time.monotonic() + pause
            raise failures.away(self._why) from error
        return False

    def stop(self) -> None:
        """Ends a `wait` that is under way; no other follows."""
        self._stopped.set()
        line = self._line
        if line is not None:
            with suppress(OSError):
                line.twin.shutdown(socket.SHUT_RDWR)

    def _come_back(self, until: float) -> None:
        pause = self._retry_at - time.monotonic()
        if pause > 0:
            self._stopped.wait(min(pause, max(0.0, until - time.monotonic())))
            if self._stopped.is_set():
                return
            if time.monotonic() < self._retry_at:  # nothing new is known
                raise failures.away(self._why)
        connection = self._connect()
        self._line = _Line(connection, twin_of(connection.fileno()))
        with self._watchdog.watching(self._line.twin):
            connection.execute(f"LISTEN {CHANNEL}")
        self._token = self._read_token(self._line)
        self._failures = 0

    def _missed(self, line: _Line) -> bool:
        if time.monotonic() < self._asked_at + HEARTBEAT:
            return False
        before, self._token = self._token, self._read_token(line)
        return before != self._token

    def _read_token(self, line: _Line) -> int:
        with self._watchdog.watching(line.twin):
            row = line.connection.execute("SELECT token FROM desk_changes").fetchone()
        self._asked_at = time.monotonic()
        return int(row[0]) if row else -1

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(psycopg.Error, OSError):
                line.connection.close()
            line.twin.close()


def _heard(line: _Line, seconds: float) -> bool:
    heard = False
    for _notify in line.connection.notifies(timeout=seconds, stop_after=1):
        heard = True
    if heard:  # several desks wrote at once: one look at the facts answers them all
        for _notify in line.connection.notifies(timeout=0):
            pass
    return heard


def connecting(arguments: Mapping[str, Any], seconds: float) -> Callable[[], psycopg.Connection[Any]]:
    """Opens connections for a `Listener` that give up after so many seconds."""

    def connect() -> psycopg.Connection[Any]:
        limit = max(2, round(seconds))
        return psycopg.connect(
            **arguments, autocommit=True, connect_timeout=limit, application_name="agent-assist listening"
        )

    return connect
