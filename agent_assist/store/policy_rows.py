"""Published policies in SQL: each version is one row, which is never changed; the newest is in force."""

import datetime as dt
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.store.protocol import PolicyVersion
from agent_assist.store.rows import EARLIEST_MICROS, MAX_POLICY, LeftOutRows, one_line, timestamp, whole_number
from agent_assist.store.schema import policy_versions

_NEWEST = select(policy_versions).order_by(policy_versions.c.version.desc()).limit(1)


def in_force(connection: Connection, left_out: LeftOutRows) -> PolicyVersion | None:
    """Return the newest version, if any.

    An unreadable one is not replaced by an older one, which may allow more: it is returned without text, and under a
    policy without text every offer waits for approval.
    """
    row = connection.execute(_NEWEST).first()
    if row is None:
        return None
    for policy in left_out.readable("policy_versions", [row], row_key, read_policy):
        return policy
    return PolicyVersion(version=row.version, at=from_micros(EARLIEST_MICROS), author="?", text="")


def row_key(row: Row[Any]) -> str:
    """Return what identifies the row of a version in messages."""
    return f"v{row.version}"


def read_policy(row: Row[Any]) -> PolicyVersion:
    """Return the policy of a row. Raises one of `rows.ROW_ERRORS`."""
    if type(row.text) is not str or len(row.text) > MAX_POLICY:
        raise ValueError("no text, or too long a one")
    return PolicyVersion(
        version=whole_number(row.version, 1), at=timestamp(row.at), author=one_line(row.author), text=row.text
    )


def publish(connection: Connection, text: str, author: str, at: dt.datetime) -> PolicyVersion:
    """Insert the next version; needs an exclusive transaction, since it is numbered."""
    before = connection.scalar(select(func.max(policy_versions.c.version)))
    version = PolicyVersion(version=1 + (before or 0), at=at, author=author, text=text)
    row = {"version": version.version, "at": to_micros(at), "author": author, "text": text}
    connection.execute(policy_versions.insert(), row)
    return version
