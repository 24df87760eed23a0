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
from agent_assist.cli.cells import columns


def text(words: str) -> None:
    """A text as it is, with one line end."""
    _write(clean(words) + "\n")


def table(rows: Iterable[Sequence[str]], heading: Sequence[str] = ()) -> None:
    """Rows in columns that line up in a terminal; the heading appears only above rows."""
    lines = [[clean_line(cell) for cell in row] for row in rows]
    if lines and heading:
        lines.insert(0, list(heading))
    _write("".join(f"{line}\n" for line in columns(lines)))


def as_json(value: object) -> None:
    """One JSON document, indented for reading."""
    _write(json.dumps(plain(value), ensure_ascii=not _is_utf8(), indent=2) + "\n")


def as_json_line(value: object) -> None:
    """One JSON document on one line, handed on at once."""
    _write(json.dumps(plain(value), ensure_ascii=not _is_utf8()) + "\n")
    sys.stdout.flush()


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


def _is_utf8() -> bool:
    return (sys.stdout.encoding or "").replace("-", "").lower() in ("utf8", "utf8sig")


def _write(words: str) -> None:
    try:
        sys.stdout.write(words)
    except UnicodeEncodeError:  # a terminal that is not UTF-8: show what it can and escape the rest
        encoding = sys.stdout.encoding
        sys.stdout.write(words.encode(encoding, "backslashreplace").decode(encoding))
