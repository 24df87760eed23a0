"""Rows are data from outside, as files are: a hand with SQL, an older program or a failing disk may have written them.

Rule: what is read goes through here. It is held to the bounds below and cleaned; a row that cannot be used is left out
and named, and never stops the others.
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
"""Microseconds since 1970: what has a day and an hour in every time zone."""

MAX_NAME = 500
"""Characters of an id, a name or another word."""

MAX_QUERY = 4_000
"""Characters kept of what was searched for: a pasted message may be longer, and its end tells nothing more."""

MAX_JSON = 4_000_000
"""Characters of a chat, a reply or facts: a whole paste fits."""

MAX_POLICY = 1_000_000
"""Characters of a policy."""

MAX_NUMBER = 1_000_000_000
"""Of versions, places and minutes; so many minutes still are a time span."""

ROW_ERRORS = (ValueError, TypeError, KeyError, OverflowError, RecursionError, Refused)
"""What reading a row raises when it cannot be used."""

_MAX_LEFT_OUT = 1_000
_MAX_SHOWN = 80


class LeftOut(msgspec.Struct, frozen=True):
    """A row that cannot be used: its table, what names it there, and why."""

    table: str
    key: str
    reason: str


class LeftOutRows:
    """The rows that one store has left out since it was opened; safe to share between threads."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], LeftOut] = {}
        self._lock = threading.Lock()

    def all(self) -> tuple[LeftOut, ...]:
        """Each once, in the order in which they were met; at most a thousand."""
        with self._lock:
            return tuple(self._found.values())

    def add(self, table: str, key: object, reason: object) -> None:
        """Remember one."""
        found = LeftOut(table, _shortened(key), _shortened(reason))
        with self._lock:
            if len(self._found) < _MAX_LEFT_OUT:
                self._found.setdefault((table, found.key), found)

    def readable(
        self, table: str, rows: Iterable[_Row], key: Callable[[_Row], object], read: Callable[[_Row], _T]
    ) -> Iterator[_T]:
        """What `read` makes of each row; those that it cannot use are left out."""
        for row in rows:
            try:
                value = read(row)
            except ROW_ERRORS as error:
                self.add(table, key(row), str(error) or type(error).__name__)
                continue
            yield value


def one_line(value: object, longest: int = MAX_NAME) -> str:
    """A text on one line. Raises ValueError when it is none or too long."""
    if type(value) is not str:
        raise ValueError(f"no text: {type(value).__name__}")
    if len(value) > longest:
        raise ValueError(f"a text of {len(value)} characters")
    return clean_line(value)


def first_characters(value: object, longest: int) -> str:
    """As `word`, cut off instead of refused."""
    return one_line(value[:longest] if type(value) is str else value, longest)


def whole_number(value: object, least: int = 0, most: int = MAX_NUMBER) -> int:
    """A whole number between these two. Raises ValueError."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"no number from {least} to {most}: {_shortened(value)}")
    return value


def timestamp(value: object) -> dt.datetime:
    """A moment, from microseconds. Raises ValueError."""
    return from_micros(whole_number(value, EARLIEST_MICROS, LATEST_MICROS))


def from_json(text: object, shape: type[_T]) -> _T:
    """A value from its JSON text, with clean texts, and times and numbers one can reckon with. Raises ValueError."""
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
    """Refuse a time without a zone or far off, and a number too large to add."""
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
