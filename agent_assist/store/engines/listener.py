"""Waits for news from PostgreSQL: by LISTEN, with reconnect and heartbeat, or by polling where LISTEN does not work.

Facts, the policy and erasures come on one channel for all, with the change token; what an agent did in another terminal
on a channel of that agent, which only the agent's own terminals listen to, and only while there are several of them.
Of offers nobody is notified: `offer_poll`.

Rule: notifications sent while it was not connected are lost, so every new connection counts as a change. The heartbeat
reads the change token: it detects a frozen server, and changes of which no notification came. A connection pooler hands
the connection that listens to somebody else after each transaction; behind one the tables are polled instead, and
chats, which polling does not see, count as changed now and then.
"""

import hashlib
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import psycopg

from agent_assist.store import failures
from agent_assist.store.engines.lent_connection import Lender, ListeningConnection
from agent_assist.store.engines.news_poll import NewsPoll
from agent_assist.store.engines.offer_poll import OfferPoll
from agent_assist.store.engines.watchdog import Watchdog, dup_socket
from agent_assist.store.news import ANYTHING, News, Topic, decode

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

POLL_SECONDS = 0.85
"""Seconds between two polls behind a pooler; with `_SPREAD` at most one."""

CHATS_SECONDS = 60.0
"""Seconds behind a pooler after which another terminal of the agent may have changed chats: each look at them needs the
agent's own account."""

_SPREAD = (0.8, 1.17)
"""Factors of these intervals: the desks of a team would ask in the same moment after a restart of the server."""

_MAX_UNHEARD = 2
"""Changes in a row without a notification, after which LISTEN is taken not to work: one may be on its way."""

_FIRST_RETRY_DELAY, _MAX_RETRY_DELAY = 0.25, 10.0
"""Seconds before a reconnect; the delay doubles with each failure."""


class _Link(NamedTuple):
    """An open connection, a duplicate of its socket, by which it can be shut down, and the channel of its agent."""

    connection: ListeningConnection
    dup: socket.socket
    own_channel: str


class Listener:
    """Waits for changes on a connection of its own. Call `wait` from one thread at a time, `stop` from any."""

    def __init__(
        self, connect: Callable[[], ListeningConnection], watchdog: Watchdog, secret: str, lender: Lender
    ) -> None:
        self._connect = connect
        self._watchdog = watchdog
        self._lender = lender
        self._secret = secret
        self._id = secrets.token_hex(8)
        self._link: _Link | None = None
        self._token = -1
        self._unheard = 0
        self._poll: NewsPoll | None = None
        self._offers = OfferPoll()
        self._heartbeat_at = 0.0
        self._chats_at = 0.0
        self._failures = 0
        self._retry_at = 0.0
        self._last_error = ""
        self._stopped = threading.Event()

    def wait(self, seconds: float, agent: str, offers: Collection[str] | None) -> tuple[News, ...]:
        """See `protocol.Store.wait_for_change`. May take a connection time-out longer."""
        deadline = time.monotonic() + seconds
        with self._lender.lock:
            return self._wait(deadline, agent, offers)

    def _wait(self, deadline: float, agent: str, offers: Collection[str] | None) -> tuple[News, ...]:
        self._offers.watch(offers)
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

    def other_terminals(self, topic: Topic, agent: str) -> dict[str, object]:
        """Return what `NOTIFY_OTHER_TERMINALS` needs to tell the agent's other terminals of a change here."""
        link = self._link
        own = link.connection.info.backend_pid if link is not None and not link.connection.closed else 0
        return {"channel": _channel_of(agent), "writer": f"{self._id} {topic}", "name": _name_of(agent), "own": own}

    def _wait_on(self, link: _Link, deadline: float, agent: str) -> tuple[News, ...]:
        while not self._stopped.is_set():
            seconds = max(0.0, min(deadline, self._heartbeat_at, self._offers.due_at) - time.monotonic())
            if self._poll is not None:
                news = self._read_poll(link, self._poll, seconds) + self._guess_chats(agent)
            else:
                news = self._hear(link, seconds, agent) or self._read_missed(link)
            news = news or self._read_offers(link)
            if news:
                return news
            if time.monotonic() >= deadline:
                break
        return ()

    def _read_offers(self, link: _Link) -> tuple[News, ...]:
        if time.monotonic() < self._offers.due_at:
            return ()
        with self._watchdog.deadline(link.dup):
            return self._offers.read(link.connection)

    def _hear(self, link: _Link, seconds: float, agent: str) -> tuple[News, ...]:
        """Return the news of the notifications that arrive within these seconds."""
        received = _receive(link, seconds)
        if received:
            self._unheard = 0
        news = self._read_payloads([sent.payload for sent in received if sent.channel == CHANNEL])
        own = {sent.payload.partition(" ") for sent in received if sent.channel == link.own_channel}
        topics = {"offer" if topic == "offer" else "chat" for writer, _space, topic in own if writer != self._id}
        return (*news, *(News(topic, agent=agent) for topic in sorted(topics)))  # type: ignore[arg-type]

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
        self._retry_at = _after(min(_MAX_RETRY_DELAY, _FIRST_RETRY_DELAY * 2 ** min(self._failures - 1, 8)))

    def _reconnect(self, deadline: float, agent: str) -> None:
        delay = self._retry_at - time.monotonic()
        if delay > 0:
            self._stopped.wait(min(delay, max(0.0, deadline - time.monotonic())))
            if self._stopped.is_set():
                return
            if time.monotonic() < self._retry_at:  # not tried again yet: the last error still stands
                raise failures.unreachable(self._last_error)
        connection = self._connect()
        self._lender.offer(connection)
        link = self._link = _Link(connection, dup_socket(connection), _channel_of(agent) if agent else "")
        self._unheard = 0
        with self._watchdog.deadline(link.dup):
            is_pooled = _is_pooled(connection)
            if agent and not is_pooled:  # first: who writes after this sees the name, who wrote before is read after it
                connection.execute(f"SET application_name = '{_name_of(agent)}'; LISTEN {link.own_channel}")
            if not is_pooled:
                connection.execute(f"LISTEN {CHANNEL}")
        if is_pooled:
            self._start_polling(link)
        else:
            self._poll = None
            self._token = self._read_token(link)
        with self._watchdog.deadline(link.dup):
            self._offers.start(link.connection)
        self._failures = 0

    def _read_missed(self, link: _Link) -> tuple[News, ...]:
        """Read the change token if the heartbeat is due: `ANYTHING` when it changed and no notification came."""
        if time.monotonic() < self._heartbeat_at:
            return ()
        before, self._token = self._token, self._read_token(link)
        if before == self._token:
            return ()
        self._unheard += 1
        if self._unheard >= _MAX_UNHEARD:
            self._start_polling(link)
        return (ANYTHING,)

    def _start_polling(self, link: _Link) -> None:
        self._poll = NewsPoll()
        self._chats_at = _after(CHATS_SECONDS)
        self._heartbeat_at = 0.0
        self._read_poll(link, self._poll, 0)

    def _guess_chats(self, agent: str) -> tuple[News, ...]:
        if not agent or time.monotonic() < self._chats_at:
            return ()
        self._chats_at = _after(CHATS_SECONDS)
        return (News("chat", agent=agent),)

    def _read_poll(self, link: _Link, poll: NewsPoll, seconds: float) -> tuple[News, ...]:
        """Wait so long, then look at the tables if it is time."""
        if self._stopped.wait(seconds) or time.monotonic() < self._heartbeat_at:
            return ()
        with self._watchdog.deadline(link.dup):
            news = poll.read(link.connection)
        self._heartbeat_at = _after(POLL_SECONDS)
        return news

    def _read_token(self, link: _Link) -> int:
        with self._watchdog.deadline(link.dup):
            row = link.connection.execute("SELECT token FROM desk_changes").fetchone()
        self._heartbeat_at = _after(HEARTBEAT_SECONDS)
        return int(row[0]) if row else -1

    def _disconnect(self) -> None:
        link, self._link = self._link, None
        self._lender.offer(None)
        if link is not None:
            with suppress(psycopg.Error, OSError):
                link.connection.end()
            link.dup.close()


def _after(seconds: float) -> float:
    """Return the time after about so many seconds, see `_SPREAD`."""
    return time.monotonic() + seconds * random.uniform(*_SPREAD)  # noqa: S311


def _is_pooled(connection: psycopg.Connection[Any]) -> bool:
    """Return whether a pooler answers for the server: it gives a process number of its own, or none."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return row is None or row[0] != connection.info.backend_pid


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


def connector(arguments: Mapping[str, Any], seconds: float) -> Callable[[], ListeningConnection]:
    """Return a function that connects a `Listener` and gives up after so many seconds."""

    def connect() -> ListeningConnection:
        limit = max(2, round(seconds))
        return ListeningConnection.connect(
            **arguments,
            autocommit=True,
            connect_timeout=limit,
            application_name=_APPLICATION_NAME,
            prepare_threshold=None,
        )

    return connect
