"""Pipeline mode of PostgreSQL: several statements in one round trip, executed by psycopg instead of SQLAlchemy.

For writes under the log's lock: everybody else waits for each of their round trips.
Rule: failures arrive as SQLAlchemy's errors, as from any other statement, and the engine's watchdog bounds each wait.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, cast

import psycopg
from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

DEADLINE_KEY = "agent-assist-deadline"
"""Key in `Connection.info` of the context manager that bounds a wait for the server."""


def driver_connection(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    """Return the driver's connection, in the transaction that SQLAlchemy began on it."""
    return cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)


@contextmanager
def with_deadline(connection: Connection) -> Iterator[None]:
    """Bound the wait for the server in the block, if the connection's engine has deadlines."""
    deadline: Callable[[], AbstractContextManager[None]] = connection.info.get(DEADLINE_KEY, nullcontext)
    try:
        with deadline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error


@contextmanager
def pipelined(connection: Connection) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Send the statements of the block together; results arrive at its end. The first failure skips the rest."""
    raw = driver_connection(connection)
    with with_deadline(connection), raw.pipeline():
        yield raw


def first_row(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row of a statement. `statement` must be a module constant: see `compiled_sql`."""
    with with_deadline(connection):
        return driver_connection(connection).execute(compiled_sql(statement), values).fetchone()


@cache
def compiled_sql(statement: Executable) -> bytes:
    """Return a statement as text for the driver. Cached per object, so only for statements built once."""
    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    return str(cast("Any", statement).compile(dialect=dialect)).encode()
