"""LISTEN connection for change notifications from PostgreSQL, with reconnect and heartbeat.

Changes that the team may see come on one channel for all, with the change token; those of an agent's chats on a channel
of that agent, which only the agent's own terminals listen to, and only while there are several of them.

Rule: notifications sent while it was not connected are lost, so every new connection counts as a change. The heartbeat
reads the change token: it detects a frozen server, and a change where a connection pooler drops LISTEN.
"""

import hashlib
import random
import secrets
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

_APPLICATION_NAME = "agent-assist listening"

NOTIFY_OTHER_TERMINALS = (
    b"SELECT pg_notify(%(channel)s, %(writer)s) FROM (SELECT FROM pg_stat_activity WHERE application_name = %(name)s"
    b" AND datname = current_database() AND pid <> %(own)s LIMIT 1) AS another"
)
"""Notify the channel of an agent if another terminal listens to it: each notification occupies all who listen to
anything in this database, though the server wakes no client for a channel that it does not listen to."""

HEARTBEAT_SECONDS = 10.0
"""Seconds between two reads of the change token while no notification arrives."""

_FIRST_RETRY_DELAY, _MAX_RETRY_DELAY = 0.25, 10.0
"""Seconds before a reconnect; the delay doubles with each failure."""


class _Link(NamedTuple):
    """An open connection, a duplicate of its socket, by which it can be shut down, and the channel of its agent."""

    connection: psycopg.Connection[Any]
    dup: socket.socket
    own_channel: str


class Listener:
    """Waits for changes on a connection of its own. Call `wait` from one thread at a time, `stop` from any."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], watchdog: Watchdog, secret: str) -> None:
        self._connect = connect
        self._watchdog = watchdog
        self._secret = secret
        self._id = secrets.token_hex(8)
        self._link: _Link | None = None
        self._token = -1
        self._heartbeat_at = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._last_error = ""
        self._stopped = threading.Event()

    def wait(self, seconds: float, agent: str) -> tuple[News, ...]:
        """See `protocol.Store.wait_for_change`. May take a connection time-out longer."""
        deadline = time.monotonic() + seconds
        try:
            if self._link is None:
                self._reconnect(deadline, agent)
                return () if self._stopped.is_set() else (ANYTHING,)
            return self._wait_on(self._link, deadline, agent)
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

    def other_terminals(self, agent: str) -> dict[str, object]:
        """Return what `NOTIFY_OTHER_TERMINALS` needs to tell the agent's other terminals of a change here."""
        link = self._link
        own = link.connection.info.backend_pid if link is not None and not link.connection.closed else 0
        return {"channel": _channel_of(agent), "writer": self._id, "name": _name_of(agent), "own": own}

    def _wait_on(self, link: _Link, deadline: float, agent: str) -> tuple[News, ...]:
        while not self._stopped.is_set():
            received = _receive(link, max(0.0, min(deadline, self._heartbeat_at) - time.monotonic()))
            news = self._read_payloads([sent.payload for sent in received if sent.channel == CHANNEL])
            if any(sent.channel == link.own_channel and sent.payload != self._id for sent in received):
                news = (*news, News("chat", agent=agent))
            if news:
                return news
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

    def _reconnect(self, deadline: float, agent: str) -> None:
        delay = self._retry_at - time.monotonic()
        if delay > 0:
            self._stopped.wait(min(delay, max(0.0, deadline - time.monotonic())))
            if self._stopped.is_set():
                return
            if time.monotonic() < self._retry_at:  # not tried again yet: the last error still stands
                raise failures.unreachable(self._last_error)
        connection = self._connect()
        self._link = _Link(connection, dup_socket(connection), _channel_of(agent) if agent else "")
        with self._watchdog.deadline(self._link.dup):
            if agent:  # first: who writes after this sees the name, and who wrote before is read after it
                connection.execute(f"SET application_name = '{_name_of(agent)}'; LISTEN {self._link.own_channel}")
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


def _receive(link: _Link, seconds: float) -> list[psycopg.Notify]:
    """Return the notifications that arrive within these seconds: the first, and those that came together with it."""
    received = list(link.connection.notifies(timeout=seconds, stop_after=1))
    if received:
        received += link.connection.notifies(timeout=0)
    return received


def _digest(agent: str) -> str:
    return hashlib.sha256(agent.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _channel_of(agent: str) -> str:
    return f"agent_assist_{_digest(agent)}"


def _name_of(agent: str) -> str:
    """Return the name of the connections that listen for this agent, by which its other terminals find them."""
    return f"{_APPLICATION_NAME} {_digest(agent)}"


def connector(arguments: Mapping[str, Any], seconds: float) -> Callable[[], psycopg.Connection[Any]]:
    """Return a function that connects a `Listener` and gives up after so many seconds."""

    def connect() -> psycopg.Connection[Any]:
        limit = max(2, round(seconds))
        return psycopg.connect(**arguments, autocommit=True, connect_timeout=limit, application_name=_APPLICATION_NAME)

    return connect
