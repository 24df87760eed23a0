"""News read from the tables, for a connection that receives no notifications: behind a pooler in transaction mode.

Rule: every statement with news increments the change token once, and all but an erasure insert one row of one table.
So the rows that are new since the last look account for the change of the token, or something else was changed too.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

from agent_assist.offers.offer import offer_id
from agent_assist.store.news import ANYTHING, News

_MAX_OFFERS = 100
"""Entries whose offers are named; more of them at once are `ANYTHING`."""

_TOKEN = b"SELECT token FROM desk_changes"
_VERSIONS = (
    "(SELECT coalesce(json_object_agg(id, version), '{}') FROM"
    " (SELECT id, max(version) AS version FROM incident_versions GROUP BY id) AS latest)"
)
_SEQ_AND_POLICY = "(SELECT max(seq) FROM offer_entries), (SELECT max(version) FROM policy_versions)"
_FIRST_LOOK = f"SELECT token, {_SEQ_AND_POLICY}, {_VERSIONS} FROM desk_changes".encode()  # noqa: S608 - our own names
_SINCE = f"""
WITH later AS (
  SELECT e.seq, e.event, e.offer_seq, made.agent FROM offer_entries AS e JOIN offer_entries AS made
  ON made.seq = e.offer_seq WHERE e.seq > %(seq)s ORDER BY e.seq LIMIT {_MAX_OFFERS + 1}),
now AS (
  SELECT token, (SELECT max(seq) FROM offer_entries) AS seq, (SELECT max(version) FROM policy_versions) AS policy,
         (SELECT count(*) FROM later WHERE event <> 'erased') AS added FROM desk_changes)
SELECT token, seq, policy,
       CASE WHEN token - %(token)s <> added + coalesce(policy, 0) - %(policy)s THEN {_VERSIONS} END,
       added, (SELECT json_agg(json_build_array(offer_seq, agent)) FROM later)
FROM now""".encode()  # noqa: S608 - our own names
"""One statement, so that all of it is of one moment. The incidents are looked at only when the rest does not account
for the change of the token."""


class _Seen(NamedTuple):
    """How far the tables were read, and the newest version of each incident."""

    token: int
    seq: int
    policy: int
    versions: Mapping[str, int]


class NewsPoll:
    """Compares the tables with what it saw last. Call it from one thread at a time."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    def read(self, connection: psycopg.Connection[Any]) -> tuple[News, ...]:
        """Return what changed since the last call, `ANYTHING` from the first one. Costs one row while nothing did."""
        if self._seen is None:
            token, seq, policy, versions = _row(connection, _FIRST_LOOK)
            self._seen = _Seen(token, seq or 0, policy or 0, versions)
            return (ANYTHING,)
        (token,) = _row(connection, _TOKEN)
        return () if token == self._seen.token else self._read_since(connection, self._seen)

    def _read_since(self, connection: psycopg.Connection[Any], seen: _Seen) -> tuple[News, ...]:
        now = {"token": seen.token, "seq": seen.seq, "policy": seen.policy}
        token, seq, policy, versions, added, offers = _row(connection, _SINCE, now)
        self._seen = _Seen(token, seq or 0, policy or 0, seen.versions if versions is None else versions)
        changed = {id_: number - seen.versions.get(id_, 0) for id_, number in self._seen.versions.items()}
        news = [News("offer", offer_id(number), agent) for number, agent in offers or ()]
        news += [News("incident", id_) for id_, versions_added in changed.items() if versions_added]
        news += [News("policy")] if self._seen.policy != seen.policy else []
        accounted = added + self._seen.policy - seen.policy + sum(changed.values())
        if len(news) > _MAX_OFFERS or token - seen.token != accounted:
            return (ANYTHING,)
        return tuple(dict.fromkeys(news))


def _row(connection: psycopg.Connection[Any], query: bytes, values: Mapping[str, int] | None = None) -> tuple[Any, ...]:
    row = connection.execute(query, values).fetchone()
    if row is None:  # somebody emptied `desk_changes`
        raise psycopg.DataError("desk_changes has no row")
    return tuple(row)
