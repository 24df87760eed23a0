"""Describes the database and its condition for `doctor`; changes nothing."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.files import real_path
from agent_assist.offers import Head
from agent_assist.roles import Role
from agent_assist.store.protocol import PolicyVersion
from agent_assist.store.rows import LeftOut, LeftOutRows

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from agent_assist.store.server_info import Connections

_NETWORK = re.compile(r"nfs|cifs|smb|afs|9p|ceph|gluster|lustre|davfs|sshfs|rclone|drvfs|vboxsf|prl_fs|fuse\.s3")


class DatabaseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A database and its condition. `place` is the file, or host and name. Unknown values are empty or None."""

    engine: str
    version: str
    place: str
    journal: str = ""
    """SQLite's journal mode."""
    file_system: str = ""
    free: int | None = None
    """Free bytes on the disk of the file."""
    log: Head = Head()
    known: Head | None = None
    """The head in the head file."""
    is_whole: bool = True
    """Whether the log still contains that head."""
    account: str = ""
    """Who is signed in, where the engine knows accounts."""
    role: Role | None = None
    """The role of the account in a team's database."""
    is_owner: bool = False
    is_encrypted: bool | None = None
    is_read_only: bool = False
    policy: PolicyVersion | None = None
    """The newest published policy."""
    left_out: tuple[LeftOut, ...] = ()
    """Unreadable rows, among the newest of each table."""
    unsafe: tuple[str, ...] = ()
    """Settings of the server that are off, so that a power cut may undo acknowledged commits."""
    connections: "Connections | None" = None
    """Those of a server."""


def read_database_info(url: str, *, home: Path) -> DatabaseInfo:
    """Open the database at this URL read-only and describe it. Raises as `open_store` does, NotFound without a file."""
    # SQLAlchemy, loaded when a database is asked
    from agent_assist.store import inspection, ledger, policy_rows, server_info
    from agent_assist.store.opening import open_sql_store, parse_url, public_url, sqlite_path

    store = open_sql_store(url, read_only=True, home=home)
    try:
        last_seen = store.head_file.read()
        with store.database.read() as connection:
            if connection.dialect.name == "sqlite":
                info = _file(connection, sqlite_path(parse_url(url)))
            else:
                server = server_info.read_server_info(connection)
                info = DatabaseInfo(engine="PostgreSQL", place="", **msgspec.structs.asdict(server))
            return msgspec.structs.replace(
                info,
                place=info.place or unquote(public_url(url)),
                known=last_seen,
                log=ledger.head(connection),
                policy=policy_rows.in_force(connection, LeftOutRows()),
                left_out=inspection.unusable_rows(connection),
                is_whole=last_seen is None or ledger.contains(connection, last_seen),
            )
    finally:
        store.close()


def _file(connection: "Connection", path: Path) -> DatabaseInfo:
    return DatabaseInfo(
        engine="SQLite",
        version=str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()),
        journal=str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()),
        place=clean_line(str(path)),
        file_system=file_system(path),
        free=shutil.disk_usage(path.parent).free,
    )


def file_system(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the type of the file system that holds the path, as Linux names it; empty where unknown."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
        there = real_path(path)
    except OSError:
        return ""
    mount, kind = Path(), ""
    for line in lines:
        before, _dash, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) > 4 and rest:
            point = Path(fields[4].encode().decode("unicode_escape"))
            if there.is_relative_to(point) and len(point.parts) >= len(mount.parts):
                mount, kind = point, rest[0]
    return clean_line(kind)


def is_network(kind: str) -> bool:
    """Return whether this type of file system is a network one, whose locks are not reliable."""
    return bool(_NETWORK.search(kind))
