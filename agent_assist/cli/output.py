"""What goes to stdout: data, and nothing else.

Everything passes the cleaning border once more on its way out. JSON is UTF-8, or plain ASCII escapes where the
terminal's encoding could not carry it, so that it can be read anywhere.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent_assist.cleaning import clean, clean_line
from agent_assist.cli import streams
from agent_assist.terminal_text import pad, width


def text(words: str) -> None:
    """A text as it is, with one line end."""
    streams.write(clean(words) + "\n")


def table(rows: Iterable[Sequence[str]], heading: Sequence[str] = ()) -> None:
    """Rows in columns that line up in a terminal; the heading appears only above rows."""
    lines = [[clean_line(cell) for cell in row] for row in rows]
    if lines and heading:
        lines.insert(0, list(heading))
    streams.write("".join(f"{line}\n" for line in columns(lines)))


def columns(rows: Iterable[Sequence[str]], gap: int = 2) -> list[str]:
    """Return rows as aligned lines. Cells of a row hold one line each; the last column is not padded."""
    lines = [list(row) for row in rows]
    if not lines:
        return []
    column_count = max(len(row) for row in lines)
    widths = [max(width(row[column]) for row in lines if column < len(row)) for column in range(column_count)]
    return [
        (" " * gap).join(pad(cell, room) for cell, room in zip(row, widths, strict=False)).rstrip() for row in lines
    ]


def as_json(value: object) -> None:
    """One JSON document, indented for reading."""
    streams.write(json.dumps(plain(value), ensure_ascii=not streams.is_utf8(sys.stdout.encoding), indent=2) + "\n")


def as_json_line(value: object) -> None:
    """One JSON document on one line, handed on at once."""
    streams.write(json.dumps(plain(value), ensure_ascii=not streams.is_utf8(sys.stdout.encoding)) + "\n")
    streams.flush()


def plain(value: Any) -> Any:
    """The value as JSON knows it: clean strings, RFC 3339 times with offset in the user's zone, tuples as arrays."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {clean(str(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
