"""Statements that travel to a PostgreSQL server together and are answered together, past SQLAlchemy.

For the one write that everybody else waits for: each trip and each layer of it is time in which they wait.
Rule: failures arrive as SQLAlchemy's errors, as from any other statement, and the engine's watchdog bounds each wait.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, cast

import psycopg
from sqlalchemy import Executable
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

DEADLINE_KEY = "agent-assist-deadline"
"""Where a connection's `info` keeps what bounds a wait for its server."""


def driver_connection(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    """The driver's connection, in the transaction that SQLAlchemy has begun on it."""
    return cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)


@contextmanager
def with_deadline(connection: Connection) -> Iterator[None]:
    """Bounds the wait for the server in the block, on a connection of an engine that has deadlines."""
    deadline: Callable[[], AbstractContextManager[None]] = connection.info.get(DEADLINE_KEY, nullcontext)
    try:
        with deadline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error


@contextmanager
def pipelined(connection: Connection) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """What is executed in the block is answered at its end; after the first failure the rest is not done."""
    raw = driver_connection(connection)
    with with_deadline(connection), raw.pipeline():
        yield raw


def first_row(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that answers a statement built once."""
    with with_deadline(connection):
        return driver_connection(connection).execute(compiled_sql(statement), values).fetchone()


@cache
def compiled_sql(statement: Executable) -> bytes:
    """A statement built once, as the driver takes it."""
    from sqlalchemy.dialects import postgresql

    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    return str(cast("Any", statement).compile(dialect=dialect)).encode()
