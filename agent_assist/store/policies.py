"""The policies that leads published, in SQL: versions that are never changed; the newest is in force."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.engine import Connection

from agent_assist.offers.chain import micros, moment
from agent_assist.store.protocol import PolicyVersion
from agent_assist.store.schema import policy_versions

_NEWEST = select(policy_versions).order_by(policy_versions.c.version.desc()).limit(1)


def newest(connection: Connection) -> PolicyVersion | None:
    """The one in force."""
    row = connection.execute(_NEWEST).first()
    if row is None:
        return None
    return PolicyVersion(version=row.version, at=moment(row.at), author=row.author, text=row.text)


def publish(connection: Connection, text: str, author: str, at: dt.datetime) -> PolicyVersion:
    """Record the next one; needs a transaction that is alone, since it is numbered."""
    before = newest(connection)
    version = PolicyVersion(version=before.version + 1 if before else 1, at=at, author=author, text=text)
    row = {"version": version.version, "at": micros(at), "author": author, "text": text}
    connection.execute(policy_versions.insert(), row)
    return version
