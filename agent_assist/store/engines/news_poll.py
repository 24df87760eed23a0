"""News read from the tables, for a connection that receives no notifications: behind a pooler in transaction mode.

Rule: every change of facts, of the policy and every erasure increments the change token once, and all but an erasure
insert one row of one table. So the rows that are new since the last look account for the change of the token, or
something else was changed too.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

from agent_assist.store.news import ANYTHING, News

_TOKEN = b"SELECT token FROM desk_changes"
_NOW = b"""
SELECT token, (SELECT coalesce(max(version), 0) FROM policy_versions),
       (SELECT coalesce(json_object_agg(id, version), '{}') FROM
        (SELECT id, max(version) AS version FROM incident_versions GROUP BY id) AS latest)
FROM desk_changes"""
"""One statement, so that all of it is of one moment."""


class _Seen(NamedTuple):
    """How far the tables were read, and the newest version of each incident."""

    token: int
    policy: int
    versions: Mapping[str, int]


class NewsPoll:
    """Compares the tables with what it saw last. Call it from one thread at a time."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    def read(self, connection: psycopg.Connection[Any]) -> tuple[News, ...]:
        """Return what changed since the last call, `ANYTHING` from the first one. Costs one row while nothing did."""
        before = self._seen
        if before is None:
            self._seen = _Seen(*_row(connection, _NOW))
            return (ANYTHING,)
        (token,) = _row(connection, _TOKEN)
        return () if token == before.token else self._read_since(connection, before)

    def _read_since(self, connection: psycopg.Connection[Any], before: _Seen) -> tuple[News, ...]:
        now = self._seen = _Seen(*_row(connection, _NOW))
        changed = {id_: number - before.versions.get(id_, 0) for id_, number in now.versions.items()}
        if now.token - before.token != now.policy - before.policy + sum(changed.values()):
            return (ANYTHING,)
        news = [News("incident", id_) for id_, versions_added in changed.items() if versions_added]
        return (*news, News("policy")) if now.policy != before.policy else tuple(news)


def _row(connection: psycopg.Connection[Any], query: bytes) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    if row is None:  # somebody emptied `desk_changes`
        raise psycopg.DataError("desk_changes has no row")
    return tuple(row)
