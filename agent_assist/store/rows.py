"""Checks and cleans what is read from rows: people with SQL, older programs and failing disks write them too.

Rule: every value read goes through these functions and bounds. A row that fails is left out and recorded in
`LeftOutRows`; it never stops the reading of others.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.epoch_micros import from_micros, to_micros
from agent_assist.errors import Refused

_T = TypeVar("_T")
_Row = TypeVar("_Row")

EARLIEST_MICROS = 0
LATEST_MICROS = to_micros(dt.datetime(9999, 12, 30, tzinfo=dt.UTC))
"""Microseconds since 1970 between which a time can be shown in every time zone."""

MAX_NAME = 500
"""Characters of an id, a name or another short text."""

MAX_QUERY = 4_000
"""Characters that are saved of a query; a pasted message may be longer."""

MAX_JSON = 4_000_000
"""Characters of the JSON of a chat, a reply or facts."""

MAX_POLICY = 1_000_000
"""Characters of a policy."""

MAX_NUMBER = 1_000_000_000
"""Largest version, position or number of minutes; as minutes it still fits a `timedelta`."""

ROW_ERRORS = (ValueError, TypeError, KeyError, OverflowError, RecursionError, Refused)
"""What the functions below raise for a row that cannot be used."""

_MAX_LEFT_OUT = 1_000
"""Rows that one store records as left out."""
_MAX_SHOWN = 80
"""Characters of a key or a reason."""


class LeftOut(msgspec.Struct, frozen=True):
    """A row that cannot be used: its table, its key there, and the reason."""

    table: str
    key: str
    reason: str


class LeftOutRows:
    """The rows that a store has left out since it was opened. Safe to share between threads."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], LeftOut] = {}
        self._lock = threading.Lock()

    def all(self) -> tuple[LeftOut, ...]:
        """Return each once, in the order they were found; at most `_MAX_LEFT_OUT`."""
        with self._lock:
            return tuple(self._rows.values())

    def add(self, table: str, key: object, reason: object) -> None:
        """Record a row."""
        row = LeftOut(table, _shortened(key), _shortened(reason))
        with self._lock:
            if len(self._rows) < _MAX_LEFT_OUT:
                self._rows.setdefault((table, row.key), row)

    def readable(
        self, table: str, rows: Iterable[_Row], key: Callable[[_Row], object], read: Callable[[_Row], _T]
    ) -> Iterator[_T]:
        """Yield what `read` makes of each row; record and skip those for which it raises one of `ROW_ERRORS`."""
        for row in rows:
            try:
                value = read(row)
            except ROW_ERRORS as error:
                self.add(table, key(row), str(error) or type(error).__name__)
                continue
            yield value


def one_line(value: object, longest: int = MAX_NAME) -> str:
    """Return a clean text on one line. Raises ValueError when it is no text or too long."""
    if type(value) is not str:
        raise ValueError(f"no text: {type(value).__name__}")
    if len(value) > longest:
        raise ValueError(f"a text of {len(value)} characters")
    return clean_line(value)


def first_characters(value: object, longest: int) -> str:
    """Return the beginning of a text as `one_line` does. Raises ValueError when it is no text."""
    return one_line(value[:longest] if type(value) is str else value, longest)


def whole_number(value: object, least: int = 0, most: int = MAX_NUMBER) -> int:
    """Return an integer between the two bounds. Raises ValueError."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"no number from {least} to {most}: {_shortened(value)}")
    return value


def timestamp(value: object) -> dt.datetime:
    """Return a time in UTC from microseconds. Raises ValueError when it is out of bounds."""
    return from_micros(whole_number(value, EARLIEST_MICROS, LATEST_MICROS))


def from_json(text: object, shape: type[_T]) -> _T:
    """Decode JSON into `shape`, with clean texts, and times and numbers within bounds. Raises ValueError."""
    if type(text) is not str:
        raise ValueError(f"no text: {type(text).__name__}")
    if len(text) > MAX_JSON:
        raise ValueError(f"a text of {len(text)} characters")
    value = msgspec.convert(_clean(msgspec.json.decode(text)), shape)
    _check(msgspec.to_builtins(value, builtin_types=(dt.datetime,)))
    return value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {clean(key): _clean(each) for key, each in value.items()}
    return value


def _check(value: object) -> None:
    """Raise ValueError for a time without a zone or out of bounds, and for a number out of bounds."""
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without its zone: {value}")
        whole_number(to_micros(value), EARLIEST_MICROS, LATEST_MICROS)
    elif isinstance(value, int):
        whole_number(int(value), -MAX_NUMBER)
    elif isinstance(value, Mapping):
        for each in value.values():
            _check(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _check(each)


def _shortened(value: object) -> str:
    line = clean_line(str(value)[: 4 * _MAX_SHOWN])
    return line if len(line) <= _MAX_SHOWN else line[:_MAX_SHOWN] + "…"
