"""Copies everything on record from one database into an empty one, row by row and column by column, and compares.

Rule: entries go in one after the other with their own texts, as they were first written, so that no guard of the log
has to be lowered; and nothing is committed before both sides were found equal.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, Table, func, select, text, tuple_
from sqlalchemy.engine import Connection

from agent_assist.errors import Damaged, Refused
from agent_assist.locale import _
from agent_assist.offers import Entry, Head, VerifyResult, verify_chain
from agent_assist.store import ledger
from agent_assist.store.schema import metadata, offer_entries, offer_texts

Progress = Callable[[int, int], None]
"""Called now and then with the rows done and all rows."""

_BATCH = 1000
_LOG_TABLES = (offer_entries, offer_texts)


class TableChecksum(NamedTuple):
    """What a table holds, whatever the order: how many rows, and a number that every column of every row changes."""

    rows: int
    total: int


def no_progress(_done: int, _all: int) -> None:
    """No progress shown."""


class Copied(NamedTuple):
    """What was copied: rows of all tables, and where the log ends."""

    rows: int
    head: Head


def copy_all(source: Connection, target: Connection, progress: Progress = no_progress) -> Copied:
    """Copy everything inside the open transactions of both.

    Refused when the target is not empty; Damaged when the source's log does not verify or the copy differs.
    """
    if not is_empty(target):
        raise Refused(
            _("The target is not empty; nothing was copied."),
            hint=_("Name a new database, or a file that does not exist."),
        )
    verdict = verify_log(source)
    if not verdict.ok:
        raise Damaged(
            _("The offer log does not verify, so nothing was copied: {reason}", reason=verdict.reason),
            hint=_("Find out what happened first: agent-assist offer verify"),
        )
    for connection in (source, target):
        if connection.dialect.name == "postgresql":  # one side may wait for the other for minutes
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    everything = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables)
    done = 0
    for table in metadata.sorted_tables:
        if table in _LOG_TABLES:
            continue
        for rows in _batches(source, table):
            target.execute(table.insert(), [dict(row._mapping) for row in rows])
            done += len(rows)
            progress(done, everything)
    for rows in _batches(source, offer_entries):
        done += _add_entries(source, target, rows)
        progress(done, everything)
    if target.dialect.name == "postgresql":
        _advance_sequences(target)
    if checksums(source) != checksums(target) or verify_log(target).head != verdict.head:
        raise Damaged(
            _("The copy is not equal to what was copied, so it was taken back."),
            hint=_("Try again; if it happens again, please report it."),
        )
    return Copied(done, verdict.head)


def is_empty(connection: Connection) -> bool:
    """Whether nothing is on record."""
    return not any(connection.execute(select(table).limit(1)).first() for table in metadata.sorted_tables)


def verify_log(connection: Connection) -> VerifyResult:
    """Whether the chain of the log holds, inside this transaction."""
    return verify_chain(_entries(connection))


def checksums(connection: Connection) -> Mapping[str, TableChecksum]:
    """The contents of every table, to compare. Engines sort texts differently, so the order must not matter."""
    found = {}
    for table in metadata.sorted_tables:
        count, total = 0, 0
        for rows in _batches(connection, table):
            for row in rows:
                total += int.from_bytes(hashlib.sha256(msgspec.json.encode(tuple(row))).digest(), "big")
            count += len(rows)
        found[table.name] = TableChecksum(count, total % 2**256)
    return found


def _entries(connection: Connection) -> Iterator[Entry]:
    last: int | None = None
    while batch := ledger.next_batch(connection, last, tolerant=True):
        yield from batch
        last = batch[-1].seq


def _batches(connection: Connection, table: Table) -> Iterator[list[Row[Any]]]:
    key = tuple_(*table.primary_key.columns)
    names = [column.name for column in table.primary_key.columns]
    query = select(table).order_by(*table.primary_key.columns).limit(_BATCH)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        last = tuple(rows[-1]._mapping[name] for name in names)
        rows = list(connection.execute(query.where(key > last)))


def _add_entries(source: Connection, target: Connection, rows: list[Row[Any]]) -> int:
    of_these = offer_texts.c.seq.between(rows[0].seq, rows[-1].seq)
    texts: dict[int, list[dict[str, Any]]] = {}
    for found in source.execute(select(offer_texts).where(of_these)):
        texts.setdefault(found.seq, []).append(dict(found._mapping))
    with _pipelined(target):
        for row in rows:
            target.execute(offer_entries.insert(), dict(row._mapping))
            if row.seq in texts:
                target.execute(offer_texts.insert(), texts[row.seq])
    return len(rows) + sum(map(len, texts.values()))


def _pipelined(connection: Connection) -> AbstractContextManager[object]:
    """On a server, many statements in one go instead of waiting for the answer to each."""
    if connection.dialect.name != "postgresql":
        return nullcontext()
    pipeline: AbstractContextManager[object] = connection.connection.driver_connection.pipeline()  # type: ignore[union-attr]
    return pipeline


def _advance_sequences(connection: Connection) -> None:
    """Rows that are numbered by the server go on after those that came with their number."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            )
            highest = connection.scalar(select(func.max(column))) if sequence else None
            if highest:
                connection.execute(text("SELECT setval(:sequence, :number)"), {"sequence": sequence, "number": highest})
