"""The connection that listens, lent for a read while nobody waits on it.

Why: most desks have no other connection when news arrives, and all hear of it at once. To open one costs the server
seven milliseconds, the read itself less than one: a team of 200 would wait a second for the processes of the server.
"""

import threading
from typing import Any

import psycopg
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool


class ListeningConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that an engine gives back by closing it; `end` closes it."""

    is_lent = False

    def close(self) -> None:
        if not self.is_lent:
            super().close()
        elif not self.closed:
            self.is_lent = False
            self.rollback()
            self.autocommit = True  # as LISTEN needs it

    def end(self) -> None:
        """Close it."""
        self.is_lent = False
        super().close()


class Lender:
    """Lends one connection at a time to an engine of its own. `lock` is held by whoever uses the connection."""

    def __init__(self, like: Engine) -> None:
        """`like`: the engine whose dialect has seen the server already."""
        self.lock = threading.Lock()
        self._connection: ListeningConnection | None = None
        pool = NullPool(self._hand_out, dialect=like.dialect)
        self.engine = Engine(pool, like.dialect, like.url, hide_parameters=True)

    def offer(self, connection: ListeningConnection | None) -> None:
        """Lend this connection from now on, or none."""
        self._connection = connection

    def borrow(self) -> Connection | None:
        """Return the connection unless there is none or it is in use; `give_back` must follow."""
        if not self.lock.acquire(blocking=False):
            return None
        try:
            if self._connection is not None and not self._connection.closed:
                return self.engine.connect()
        except BaseException:
            self.lock.release()
            raise
        self.lock.release()
        return None

    def give_back(self, connection: Connection) -> None:
        """Return a borrowed connection, whatever state it is in."""
        try:
            connection.close()
        finally:
            self.lock.release()

    def _hand_out(self) -> Any:
        connection = self._connection
        if connection is None:
            raise psycopg.OperationalError("the connection that listens is gone")
        connection.is_lent = True
        connection.autocommit = False
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection
