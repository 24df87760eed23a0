"""Copies every row of one database into an empty one, and compares the two.

Rules: entries are inserted one by one with their texts, as they were first written, so that no trigger of the log has
to be disabled; nothing is committed before both databases have equal checksums.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, Table, func, select, text, tuple_
from sqlalchemy.engine import Connection

from agent_assist.errors import Damaged, Refused
from agent_assist.locale import _
from agent_assist.offers import Head, VerifyResult
from agent_assist.store.log_check import LogCheck
from agent_assist.store.protocol import Progress, no_progress
from agent_assist.store.schema import metadata, offer_entries, offer_texts

_BATCH = 1000
"""Rows that one statement reads."""
_LOG_TABLES = (offer_entries, offer_texts)


class TableChecksum(NamedTuple):
    """Number of rows, and the sum of their hashes modulo 2**256: independent of the order of rows."""

    rows: int
    total: int


class Copied(NamedTuple):
    """A finished copy: the number of rows of all tables, and the head of the log."""

    rows: int
    head: Head


def copy_all(source: Connection, target: Connection, progress: Progress = no_progress) -> Copied:
    """Copy everything inside the open transactions of both.

    Refused when the target is not empty; Damaged when the source's log does not verify or the copy differs.
    """
    _require_empty(target)
    head = _verified_head(source)
    for connection in (source, target):
        if connection.dialect.name == "postgresql":  # one side may wait for the other for minutes
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables)
    done = 0
    for rows in _copy_batches(source, target):
        done += rows
        progress(done, total)
    if target.dialect.name == "postgresql":
        _advance_sequences(target)
    if checksums(source) != checksums(target) or verify_log(target).head != head:
        raise Damaged(
            _("The copy is not equal to what was copied, so it was taken back."),
            hint=_("Try again; if it happens again, please report it."),
        )
    return Copied(done, head)


def _require_empty(target: Connection) -> None:
    if not is_empty(target):
        raise Refused(
            _("The target is not empty; nothing was copied."),
            hint=_("Name a new database, or a file that does not exist."),
        )


def _verified_head(source: Connection) -> Head:
    result = verify_log(source)
    if not result.ok:
        raise Damaged(
            _("The offer log does not verify, so nothing was copied: {reason}", reason=result.reason),
            hint=_("Find out what happened first: agent-assist offer verify"),
        )
    return result.head


def _copy_batches(source: Connection, target: Connection) -> Iterator[int]:
    """Copy every row, the log last; yield the number of rows of each batch."""
    for table in metadata.sorted_tables:
        for rows in _batches(source, table) if table not in _LOG_TABLES else ():
            target.execute(table.insert(), [dict(row._mapping) for row in rows])
            yield len(rows)
    for rows in _batches(source, offer_entries):
        yield _add_entries(source, target, rows)


def is_empty(connection: Connection) -> bool:
    """Return whether all tables are empty."""
    return not any(connection.execute(select(table).limit(1)).first() for table in metadata.sorted_tables)


def verify_log(connection: Connection) -> VerifyResult:
    """Verify the hash chain of the log inside this transaction."""
    return LogCheck().run(lambda: nullcontext(connection))


def checksums(connection: Connection) -> Mapping[str, TableChecksum]:
    """Return a checksum by table. Engines sort texts differently, so it does not depend on the order."""
    by_table = {}
    for table in metadata.sorted_tables:
        count, total = 0, 0
        for rows in _batches(connection, table):
            for row in rows:
                total += int.from_bytes(hashlib.sha256(msgspec.json.encode(tuple(row))).digest(), "big")
            count += len(rows)
        by_table[table.name] = TableChecksum(count, total % 2**256)
    return by_table


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
    for text_row in source.execute(select(offer_texts).where(of_these)):
        texts.setdefault(text_row.seq, []).append(dict(text_row._mapping))
    with _pipelined(target):
        for row in rows:
            target.execute(offer_entries.insert(), dict(row._mapping))
            if row.seq in texts:
                target.execute(offer_texts.insert(), texts[row.seq])
    return len(rows) + sum(map(len, texts.values()))


def _pipelined(connection: Connection) -> AbstractContextManager[object]:
    """Send statements to a server without waiting for each answer; do nothing special for a file."""
    if connection.dialect.name != "postgresql":
        return nullcontext()
    pipeline: AbstractContextManager[object] = connection.connection.driver_connection.pipeline()  # type: ignore[union-attr]
    return pipeline


def _advance_sequences(connection: Connection) -> None:
    """Set each sequence of the server to the highest number that was copied."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            )
            highest = connection.scalar(select(func.max(column))) if sequence else None
            if highest:
                connection.execute(text("SELECT setval(:sequence, :number)"), {"sequence": sequence, "number": highest})
