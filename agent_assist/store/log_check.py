"""Reads the whole log in batches and checks it: in flat memory, each batch in a transaction of its own.

Entries are read as plain rows, and built only where a row is not plainly sound (`offers.sound_rows`). In a file the
texts are read in the order in which they lie there, not through an index that has a copy of their names: what is
checked is what the table holds.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from agent_assist.locale import _
from agent_assist.offers import Checkpoint, Head, VerifyResult
from agent_assist.offers.sound_rows import SoundRows
from agent_assist.offers.verification import ChainCheck
from agent_assist.store import ledger
from agent_assist.store.protocol import Progress, no_progress
from agent_assist.store.rows import EARLIEST_MICROS, LATEST_MICROS
from agent_assist.store.schema import offer_entries

_Rows = list[tuple[Any, ...]]
_BATCH = 2_000
_COLUMNS = ", ".join(f'"{column.name}"' for column in offer_entries.columns)
_ENTRIES = f"SELECT {_COLUMNS} FROM offer_entries WHERE seq > {{after}} ORDER BY seq LIMIT {_BATCH}"  # noqa: S608
_TEXTS = "SELECT seq, name, salt, text FROM offer_texts WHERE seq > {after} AND seq <= {last} ORDER BY seq"
_OF_THESE = "(SELECT {end}(seq) FROM offer_texts WHERE seq > {{after}} AND seq <= {{last}})"
_PLACE_IN_FILE = (
    f"SELECT (SELECT min(rowid) FROM offer_texts WHERE seq = {_OF_THESE.format(end='min')}),"  # noqa: S608
    f" (SELECT max(rowid) FROM offer_texts WHERE seq = {_OF_THESE.format(end='max')})"
)
_TEXTS_IN_FILE = (
    "SELECT seq, name, salt, text FROM offer_texts NOT INDEXED WHERE rowid BETWEEN {first} AND {last} ORDER BY rowid"
)


class LogCheck:
    """One check of one log."""

    def __init__(self, *heads: Head | None, after: Checkpoint | None = None) -> None:
        """See `offers.verification.ChainCheck`."""
        self.chain = ChainCheck(*heads, after=after)
        passed = [head for head in heads if after and head and head.seq <= after.head.seq]
        self._passed = [*passed, after.head] if after else []
        """Heads seen before which the check does not come by."""
        self._sound = SoundRows(EARLIEST_MICROS, LATEST_MICROS)

    def run(
        self, reading: Callable[[], AbstractContextManager[Connection]], progress: Progress = no_progress
    ) -> VerifyResult:
        """Check up to the end of the log, each batch on a connection from `reading`."""
        with reading() as connection:
            total = ledger.head(connection).seq
            for head in self._passed:
                if not ledger.contains(connection, head):
                    self.chain.fail_as_rewritten(head.seq)
        is_more = True
        while is_more and not self.chain.is_over:
            with reading() as connection:
                is_more = self._check_batch(connection)
            progress(self.chain.last.seq, max(total, self.chain.last.seq))
        return self.chain.result()

    def _check_batch(self, connection: Connection) -> bool:
        """Check the next entries; return whether there were any."""
        after = self.chain.last.seq
        with _as_sqlalchemy_errors():
            try:
                with _texts_as_str(connection):
                    rows, texts = _read(connection, after)
            except (sqlite3.OperationalError, UnicodeDecodeError):  # a text that is no UTF-8: the engine's own marks it
                rows, texts = _read(connection, after)
        while rows and not self.chain.is_over:
            rows, texts = self._check_rows(rows, texts)
        if texts and not self.chain.is_over:
            self._fail_for(texts[0], after + 1)
        return self.chain.last.seq > after

    def _check_rows(self, rows: _Rows, texts: _Rows) -> tuple[_Rows, _Rows]:
        """Pass over what is plainly sound and check the entry after it; return what is left."""
        first = rows[0][0]
        sound, opened = self._sound.count(rows[: self.chain.entries_before_seen(first)], texts, self.chain.last)
        if sound:
            self.chain.pass_over(Head(rows[sound - 1][0], rows[sound - 1][-1]))
        rows, texts = rows[sound:], texts[opened:]
        if not rows:
            return rows, texts
        own = [text for text in texts if text[0] == rows[0][0]]
        if own and texts[0][0] != rows[0][0]:
            self._fail_for(texts[0], first)
        else:
            self.chain.add(ledger.entry_or_empty(rows[0], {name: (salt, text) for _seq, name, salt, text in own}))
        return rows[1:], texts[len(own) :]

    def _fail_for(self, text: tuple[Any, ...], near: int) -> None:
        """Note a text that lies elsewhere than the texts of its entry, which was checked without it."""
        seq = text[0] if type(text[0]) is int else near
        reason = _("The text {name} of entry #{seq} cannot be checked any more.", name=text[1], seq=seq)
        self.chain.fail(seq, reason)


def _read(connection: Connection, after: int) -> tuple[_Rows, _Rows]:
    """Return the next entries and their texts, in the order of the entries."""
    rows = _rows_of(connection, _ENTRIES.format(after=after))
    if not rows:
        return rows, []
    if connection.dialect.name == "postgresql":
        return rows, _rows_of(connection, _TEXTS.format(after=after, last=rows[-1][0]))
    # Looked up for each batch: a VACUUM by another process renumbers the rows.
    ((first, last),) = _rows_of(connection, _PLACE_IN_FILE.format(after=after, last=rows[-1][0]))
    return rows, [] if first is None else _rows_of(connection, _TEXTS_IN_FILE.format(first=first, last=last))


def _rows_of(connection: Connection, statement: str) -> _Rows:
    """Return the rows as the driver's plain tuples."""
    return cast("_Rows", connection.exec_driver_sql(statement).cursor.fetchall())


@contextmanager
def _as_sqlalchemy_errors() -> Iterator[None]:
    """Let what the driver raises for a row arrive as for a statement, for the engine to translate."""
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError.instance(None, None, error, sqlite3.Error, hide_parameters=True) from error


@contextmanager
def _texts_as_str(connection: Connection) -> Iterator[None]:
    """Let the driver decode texts itself where it is SQLite's: our own decoder costs more than all else."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    decode, driver.text_factory = driver.text_factory, str
    try:
        yield
    finally:
        driver.text_factory = decode
