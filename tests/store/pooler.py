"""PgBouncer for tests, started in front of a server that the test run started, as a user without rights."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
PORT = 6432


def _as_owner_of(folder: Path) -> list[str]:
    """The command that becomes the user of this folder: PgBouncer refuses to run as root."""
    status = folder.stat()
    if os.geteuid() != 0 or status.st_uid == 0:
        return []
    return ["setpriv", f"--reuid={status.st_uid}", f"--regid={status.st_gid}", "--clear-groups"]


@contextmanager
def running_pooler(server: Path, config: str, files: Mapping[str, str]) -> Iterator[Path]:
    """Run PgBouncer with this configuration before the server whose socket is in a folder; yield its own folder.

    `{socket}` and `{own}` in the configuration stand for the two folders.
    """
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed (Debian: apt-get install pgbouncer)")
    user = _as_owner_of(server)
    if user and shutil.which("setpriv") is None:
        pytest.skip("PgBouncer does not run as root, and there is no setpriv")
    with tempfile.TemporaryDirectory(prefix="pooler-") as name:
        own = Path(name)
        files = {**files, "pgbouncer.ini": config.replace("{socket}", str(server)).replace("{own}", name)}
        for file, content in files.items():
            (own / file).write_text(content, "utf-8")
        if user:
            for path in (own, *own.iterdir()):
                os.chown(path, server.stat().st_uid, server.stat().st_gid)
        log = own / "log"
        with log.open("w") as said:
            process = subprocess.Popen([*user, PROGRAM, str(own / "pgbouncer.ini")], stdout=said, stderr=said)
        try:
            _wait_for(own / f".s.PGSQL.{PORT}", process, log)
            yield own
        finally:
            process.kill()
            process.wait()


def _wait_for(socket: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"PgBouncer did not start: {log.read_text('utf-8', 'replace')}")
        time.sleep(0.02)


def through(url: str, pooler: Path, **options: Any) -> str:
    """Return the URL of the same database and account by way of the pooler."""
    import sqlalchemy as sa

    pooled = sa.make_url(url).set(query={"host": str(pooler), "port": str(PORT), **options})
    return pooled.render_as_string(hide_password=False).replace(" ", "%20")


def connections(admin: "psycopg.Connection[Any]") -> int:
    """How many clients the server has, the asking one not counted."""
    row = admin.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchone()
    return int(row[0]) if row else 0
