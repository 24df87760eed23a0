"""The engine for a team: PostgreSQL through a small pool of connections.

Rules: every wait for the server is bounded; `watchdog` shuts down a connection whose server does not answer. Nothing
outlives a transaction on the server, no setting, lock or prepared statement: a connection pooler such as PgBouncer may
give the next transaction to another connection.
"""

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from agent_assist.store import failures
from agent_assist.store.database import UNBOUNDED, Member
from agent_assist.store.engines.lent_connection import Lender, ListeningConnection
from agent_assist.store.engines.listener import NOTIFY_OTHER_TERMINALS, Listener, connector
from agent_assist.store.engines.pipeline import DEADLINE_KEY, pipelined
from agent_assist.store.engines.watchdog import Watchdog, dup_socket
from agent_assist.store.news import ANYTHING, OWN, UNANNOUNCED, News, encode
from agent_assist.store.team.role_names import signed_in

DEADLINE_SECONDS = 10.0
LOCK_KEY = 0x6F66666572
"""The advisory lock that every exclusive write holds until its commit: the lock of the offer log."""

_OP_LOCKS = 0x6F70
"""First key of the advisory locks of single `op_id`s; these never meet `LOCK_KEY`, which is of the other form."""

_TAKE_LOCK = f"SELECT pg_advisory_xact_lock({LOCK_KEY})"
_PING = "SELECT 1"
"""The first statement of a transaction, which tells whether a pooled connection is alive."""

_DUP_SOCKET = "agent-assist-dup-socket"
"""Key in `Connection.info` of the duplicated socket, see `watchdog.dup_socket`."""

_COUNT_AND_NOTIFY = (
    b"WITH counted AS (UPDATE desk_changes SET token = token + 1 RETURNING token)"
    b" SELECT pg_notify('agent_assist_changes', token || ' ' || %s) FROM counted"
)
"""Increment the change token, and notify `listener.CHANNEL` of it and of the news when that is committed."""

_CHANGES = "SELECT token + (SELECT coalesce(max(seq), 0) FROM offer_entries) FROM desk_changes"
"""Both only grow. Offers leave the token as it is, see `offer_poll`."""

IDLE_SECONDS = 5.0
"""Seconds after which connections that nobody uses are closed; only the listener's stays."""

MAX_POOLED = 2
"""Connections of one desk for transactions, beside the listener's; who needs another waits for one of them."""

_SYNCHRONOUS_COMMIT = (
    "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
)
"""An acknowledged commit must survive a crash of the server, whatever its configuration says."""

_IS_OWNER = "SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'offer_texts'::regclass"


for _library in ("psycopg", "sqlalchemy"):  # else Python prints what they note of a connection that broke
    logging.getLogger(_library).addHandler(logging.NullHandler())


class PostgresDatabase:
    """A PostgreSQL database that several desks share. `deadline` bounds each wait for the server, in seconds."""

    def __init__(self, url: URL, *, read_only: bool = False, deadline: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline
        self._read_only = read_only
        self._limits = _time_limits(deadline)
        self._secret = str(url.password or url.query.get("password", ""))
        self._watchdog = Watchdog(deadline)
        news_database = _one(url.query.get("news", ""))
        url = url.set(drivername="postgresql+psycopg").difference_update_query(["news"])
        self._engine = create_engine(
            url,
            hide_parameters=True,
            isolation_level="READ COMMITTED",  # after the lock, each statement must see what was committed before it
            pool_size=MAX_POOLED,
            max_overflow=0,
            pool_timeout=deadline,
            connect_args={
                "connect_timeout": max(2, round(deadline)),
                "application_name": "agent-assist",
                "prepare_threshold": None,
            },
        )
        self._shared = threading.local()
        self._is_pool_filled = False
        self._released_at = time.monotonic()
        arguments = dict(self._engine.dialect.create_connect_args(url)[1])
        if news_database:
            arguments["dbname"] = news_database
        self._lender = Lender(self._engine)
        self._can_borrow = not news_database  # that one has rights of its own
        self._listener = Listener(connector(arguments, deadline), self._watchdog, self._secret, self._lender)
        for engine in (self._engine, self._lender.engine):
            event.listen(engine, "connect", self._on_connect)
            event.listen(engine, "close", _on_close)
            event.listen(engine, "before_cursor_execute", self._before_execute)
            event.listen(engine, "after_cursor_execute", self._after_execute)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        shared: Connection | None = getattr(self._shared, "connection", None)
        try:
            with self._transaction(_PING, may_borrow=True) if shared is None else nullcontext(shared) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise failures.translate(error, "read", self._secret) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        with self.read() as connection:
            self._shared.connection = connection
            try:
                yield
            finally:
                del self._shared.connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """See `Database.snapshot`. Each statement still has its own deadline."""
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="REPEATABLE READ")
                _execute_all(connection, self._limits)
                yield connection
                connection.rollback()
        except SQLAlchemyError as error:
            raise failures.translate(error, "read", self._secret) from error

    @contextmanager
    def write(
        self, *, exclusive: bool = False, op_id: str = "", news: Iterable[News] = (ANYTHING,)
    ) -> Iterator[Connection]:
        phase: failures.Phase = "write"
        try:
            with self._transaction(_TAKE_LOCK if exclusive else _op_lock(op_id) if op_id else _PING) as connection:
                yield connection
                phase = "commit"
                changed = tuple(news)
                public = [each for each in changed if each.topic not in UNANNOUNCED]
                with pipelined(connection) as pipeline:
                    for topic, agent in {(each.topic, each.agent) for each in changed if each.topic in OWN}:
                        pipeline.execute(NOTIFY_OTHER_TERMINALS, self._listener.other_terminals(topic, agent))
                    if public:
                        pipeline.execute(_COUNT_AND_NOTIFY, (encode(public),))
                    connection.commit()
        except SQLAlchemyError as error:
            raise failures.translate(error, phase, self._secret) from error

    def change_token(self) -> int:
        with self.read() as connection:
            return int(connection.exec_driver_sql(_CHANGES).scalar_one())

    def wait_for_change(
        self, seconds: float, *, agent: str = "", offers: Collection[str] | None = None
    ) -> tuple[News, ...]:
        self._close_idle_connections()
        return self._listener.wait(seconds, agent, offers)

    def member(self) -> Member | None:
        with self.read() as connection:
            return signed_in(connection)

    def scrub(self) -> bool:
        # Only the owner of the tables may VACUUM; for everybody else the server does it later (autovacuum).
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                if not connection.scalar(text(_IS_OWNER)):
                    return False
                connection.exec_driver_sql("VACUUM offer_texts, chats, sent_replies, uses, missed_searches")
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        self._listener.stop()
        self._engine.dispose()
        self._watchdog.stop()

    def _close_idle_connections(self) -> None:
        """Close the pool's connections when none has been used for a while: most desks wait most of the time."""
        if self._is_pool_filled and time.monotonic() - self._released_at > IDLE_SECONDS:
            self._is_pool_filled = False
            self._engine.dispose()  # those in use just now are closed when they come back

    @contextmanager
    def _transaction(self, first: str, *, may_borrow: bool = False) -> Iterator[Connection]:
        """Open a transaction that begins with this statement; it is rolled back unless the block commits it.

        With `may_borrow` on the connection that listens, if nobody waits on it and no other is open.
        """
        connection, dup = self._checkout(first, may_borrow=may_borrow)
        try:
            yield connection
        finally:
            self._release(connection, dup)

    def _checkout(
        self, first: str, *, may_borrow: bool = False, is_first_try: bool = True
    ) -> tuple[Connection, socket.socket]:
        """Return a connection whose transaction has answered its first statement, and the duplicate of its socket."""
        borrowed = self._lender.borrow() if may_borrow and self._can_borrow and not self._is_pool_filled else None
        connection = self._engine.connect() if borrowed is None else borrowed
        dup: socket.socket = connection.info[_DUP_SOCKET]
        started = time.monotonic()
        try:
            _execute_all(connection, f"{self._limits}; {_SYNCHRONOUS_COMMIT}; {first}")
        except DBAPIError as error:
            self._release(connection, dup)
            # A pooled connection may be dead since a restart of the server: try once more with a new one.
            if is_first_try and error.connection_invalidated and time.monotonic() - started < self._deadline / 2:
                return self._checkout(first, is_first_try=False)
            raise
        return connection, dup

    def _release(self, connection: Connection, dup: socket.socket) -> None:
        """Roll back and return the connection to the pool, within the deadline."""
        with suppress(SQLAlchemyError), self._watchdog.deadline(dup):
            if not connection.invalidated:
                connection.rollback()
        with suppress(SQLAlchemyError):
            if connection.engine is self._lender.engine:
                self._lender.give_back(connection)
            else:
                connection.close()
        self._released_at = time.monotonic()

    def _on_connect(self, raw: Any, record: Any) -> None:
        dup = dup_socket(raw)
        self._is_pool_filled = self._is_pool_filled or not isinstance(raw, ListeningConnection)
        record.info[_DUP_SOCKET] = dup
        record.info[DEADLINE_KEY] = partial(self._watchdog.deadline, dup)
        raw.read_only = self._read_only or None

    def _before_execute(self, connection: Connection, *_arguments: object) -> None:
        if not connection.get_execution_options().get(UNBOUNDED):
            self._watchdog.begin(connection.info[_DUP_SOCKET])

    def _after_execute(self, connection: Connection, *_arguments: object) -> None:
        self._watchdog.end(connection.info[_DUP_SOCKET])


def _time_limits(deadline: float) -> str:
    """Return the statements that make the server end a call of this transaction before the watchdog does."""
    milliseconds = deadline * 1000
    return (
        f"SET LOCAL lock_timeout = {milliseconds * 0.8:.0f}; SET LOCAL statement_timeout = {milliseconds * 0.9:.0f};"
        f" SET LOCAL idle_in_transaction_session_timeout = {milliseconds * 2:.0f}"
    )


def _execute_all(connection: Connection, statements: str) -> None:
    """Execute several statements without parameters in one round trip."""
    connection.exec_driver_sql(statements, None, execution_options={"no_parameters": True})


def _one(option: str | tuple[str, ...]) -> str:
    """Return an option of the URL; the last one where it is written twice."""
    return option if isinstance(option, str) else option[-1]


def _op_lock(op_id: str) -> str:
    """Return the statement that takes the lock of one `op_id`: whoever repeats it waits, nobody else does."""
    number = int.from_bytes(hashlib.sha256(op_id.encode()).digest()[:4], "big", signed=True)
    return f"SELECT pg_advisory_xact_lock({_OP_LOCKS}, {number})"


def _on_close(_raw: object, record: Any) -> None:
    dup = record.info.pop(_DUP_SOCKET, None)
    if dup is not None:
        dup.close()
