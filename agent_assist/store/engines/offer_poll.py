"""News of offers, read from the log by the few who wait for it: agents whose offers wait, and whoever shows the log.

Rule: nobody is notified of an offer or a decision. Each notification occupies every connection of the database that
listens to anything, so with N desks that each make offers the server would do N times N pieces of work.
"""

import random
import time
from collections.abc import Collection
from typing import Any

import psycopg

from agent_assist.offers.offer import offer_id, offer_seq
from agent_assist.store.news import ANYTHING, News

POLL_SECONDS = 0.6
"""Seconds between two looks at first."""

MAX_POLL_SECONDS = 5.0
SLOWER = 1.01
"""Growth of the pause with each look that finds nothing: it stays about a hundredth of the time that was waited, so a
decision that takes ten minutes arrives within five seconds."""

_SPREAD = (0.8, 1.2)
_NEVER = float("inf")

_MAX_OFFERS = 100
"""Entries whose offers are named; more of them at once are `ANYTHING`."""

_HEAD = b"SELECT coalesce(max(seq), 0) FROM offer_entries"
_SINCE = f"""
SELECT entry.seq, made.seq, made.agent FROM offer_entries AS entry JOIN offer_entries AS made
ON made.seq = entry.offer_seq WHERE entry.seq > %s ORDER BY entry.seq LIMIT {_MAX_OFFERS + 1}""".encode()  # noqa: S608
_LATER = b"""
SELECT made.seq, made.agent, max(entry.seq) FROM offer_entries AS made JOIN offer_entries AS entry
ON entry.offer_seq = made.seq WHERE made.seq = ANY(%s) GROUP BY made.seq HAVING max(entry.seq) > made.seq"""


class OfferPoll:
    """Looks for entries about these offers, or about any. Call it from one thread at a time."""

    def __init__(self) -> None:
        self._watched: frozenset[str] | None = frozenset()
        self._head: int | None = None
        self._told: dict[int, int] = {}
        """The last entry that was told of, by offer."""
        self._pause = POLL_SECONDS
        self.due_at = _NEVER
        """When to look next, on the monotonic clock."""

    def watch(self, offers: Collection[str] | None) -> None:
        """Look for news of these offers from now on; None stands for all."""
        watched = None if offers is None else frozenset(offers)
        if watched == self._watched:
            return
        self._watched = watched
        self._pause = POLL_SECONDS
        self._head = None
        if watched == frozenset():
            self.due_at = _NEVER
        else:
            self.due_at = time.monotonic() + (0 if watched is None else self._pause)

    def start(self, connection: psycopg.Connection[Any]) -> None:
        """Note where the log ends, before everything is read that is shown of it."""
        self._head = _rows(connection, _HEAD)[0][0] if self._watched is None else None

    def read(self, connection: psycopg.Connection[Any]) -> tuple[News, ...]:
        """Return the news since the last look, if it is time for one."""
        if time.monotonic() < self.due_at:
            return ()
        news = self._of_all(connection) if self._watched is None else self._of_some(connection, self._watched)
        self._pause = POLL_SECONDS if news else min(MAX_POLL_SECONDS, self._pause * SLOWER)
        self.due_at = time.monotonic() + self._pause * random.uniform(*_SPREAD)  # noqa: S311 - not all at once
        return news

    def _of_all(self, connection: psycopg.Connection[Any]) -> tuple[News, ...]:
        if self._head is None:  # what came between the last look and now is not known
            self.start(connection)
            return (ANYTHING,)
        rows = _rows(connection, _SINCE, self._head)
        if not rows:
            return ()
        self._head = rows[-1][0]
        if len(rows) > _MAX_OFFERS:
            self._head = None
            return self._of_all(connection)
        return tuple(
            dict.fromkeys(
                News("offer" if entry == seq else "decision", offer_id(seq), agent) for entry, seq, agent in rows
            )
        )

    def _of_some(self, connection: psycopg.Connection[Any], watched: frozenset[str]) -> tuple[News, ...]:
        seqs = [offer_seq(offer) for offer in watched]
        rows = [row for row in _rows(connection, _LATER, seqs) if self._told.get(row[0]) != row[2]]
        self._told |= {seq: last for seq, _agent, last in rows}
        return tuple(News("decision", offer_id(seq), agent) for seq, agent, _last in rows)


def _rows(connection: psycopg.Connection[Any], query: bytes, *values: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, values).fetchall()
