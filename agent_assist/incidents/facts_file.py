"""Facts of an incident from a TOML file that a person wrote.

The result speaks the same language as the form and the command line: names and typed texts (`eta = "14:30"`), so that
all three are read in one way. A file with a mistake gives problems with file and line, and no fields at all: half
an update is worse than none.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.incident import SAYINGS
from agent_assist.incidents.typed import parse_eta, parse_moment
from agent_assist.incidents.words import parse_severity, parse_status
from agent_assist.locale import _

_MOST_BYTES = 64_000
_MOST_PROBLEMS = 20
"""Whoever has more than these has the wrong file."""

_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*\.[ \t]*){20}""")
"""The TOML reader takes time that grows with the square of a key's parts; facts have two at most."""

_NAMES = (
    "title", "severity", "status", "services", "scope", "cause", "cause_internal", "workaround", "eta", "next_update",
    "started", "owner", "rhythm",
)  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


class FileProblem(msgspec.Struct, frozen=True):
    """What is wrong in a file of facts. `line` is 1-based; 0 means the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class FactsFile(msgspec.Struct, frozen=True):
    """Either `fields`, named as one types them (`scope`, `scope.en`, `next_update`), or `problems`."""

    fields: Mapping[str, str] = {}
    problems: tuple[FileProblem, ...] = ()


def read_incident(path: Path, now: dt.datetime, tz: dt.tzinfo) -> FactsFile:
    """Reads a file of facts; only what it names is in the result. Never raises for what is in the file.

    Wordings in another language stand in a table of their own: `[en]` with `scope = "…"`.
    """
    shown = clean_line(str(path))
    raw = b""
    try:
        raw = _bytes_of(path)
        text = raw.decode("utf-8-sig")
        table = _table_of(text)
    except Refused as refused:
        return _unusable(shown, 0, str(refused))
    except OSError as error:
        return _unusable(shown, 0, _("The file cannot be read: {error}", error=clean_line(error.strerror or "")))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unusable(shown, line, _("This line is not UTF-8 text. Save the file as UTF-8."))
    except ValueError as error:  # TOMLDecodeError, or a number too long for Python
        place = re.search(r"at line (\d+)", str(error))
        reason = _("This is not valid TOML: {error}", error=clean_line(str(error)))
        return _unusable(shown, int(place[1]) if place else 0, reason)
    fields: dict[str, str] = {}
    problems: list[FileProblem] = []
    for name, value in _flat(table):
        if len(problems) == _MOST_PROBLEMS:
            break
        try:
            fields[name] = _checked(name, value, now, tz)
        except Refused as refused:
            problems.append(FileProblem(shown, _line_of(name, text), str(refused)))
    return FactsFile(problems=tuple(problems)) if problems else FactsFile(fields=fields)


def _unusable(shown: str, line: int, reason: str) -> FactsFile:
    return FactsFile(problems=(FileProblem(shown, line, reason),))


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise Refused(_("There is no such file.") if not path.exists() else _("This is not an ordinary file."))
    if path.stat().st_size > _MOST_BYTES:
        raise Refused(_("The file is too large for the facts of one incident (64 kB at most)."))
    return path.read_bytes()


def _table_of(text: str) -> dict[str, object]:
    deep = Refused(_("This is nested too deeply."))
    if _DEEP_KEY.search(text):
        raise deep
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise deep from None


def _flat(table: Mapping[str, object]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict) and _LANGUAGE.fullmatch(name):
            found.extend((f"{field}.{name}", words) for field, words in value.items())
        else:
            found.append((name, value))
    return found


def _checked(name: str, value: object, now: dt.datetime, tz: dt.tzinfo) -> str:
    field, _dot, lang = name.partition(".")
    known = SAYINGS if lang else _NAMES
    if field not in known:
        import difflib

        near = difflib.get_close_matches(field, known, n=1)
        way_out = _("Did you mean “{name}”?", name=near[0]) if near else _("Known: {names}.", names=", ".join(known))
        raise Refused(_("There is no fact called “{name}”.", name=clean_line(name)[:60]), way_out=way_out)
    text = _typed(field, value)
    match field:
        case "severity":
            parse_severity(text)
        case "status":
            parse_status(text)
        case "eta":
            parse_eta(text, now, tz)
        case "next_update" if text:
            parse_moment(text, now, tz)
        case "started":
            parse_moment(text, now, tz, past=True)
        case "rhythm" if not (text.isdecimal() and 1 <= int(text[:5]) <= 1440):
            raise Refused(_("The rhythm is a number of minutes from 1 to 1440."))
        case "title" if not text:
            raise Refused(_("The title is empty."))
    return text


def _typed(field: str, value: object) -> str:
    """The value as a person would type it into the form."""
    match value:
        case str():
            return clean(value).strip() if field == "cause_internal" else clean_line(value)
        case dt.datetime():
            return value.isoformat(sep="T", timespec="seconds")
        case dt.time():
            return value.strftime("%H:%M")
        case bool():
            pass
        case int() if field in ("severity", "rhythm"):
            return str(value)
        case list() if field == "services" and all(isinstance(part, str) for part in value):
            return ", ".join(clean_line(part).replace(",", " ") for part in value)
    raise Refused(_("“{name}” should be text in quotes.", name=field))


def _line_of(name: str, text: str) -> int:
    """Where the key stands; within its language table for `scope.en`."""
    field, _dot, lang = name.partition(".")
    lines = text.splitlines()
    first = 0
    if lang:
        header = re.compile(rf"\s*(?:\[\s*{re.escape(lang)}\s*\]|{re.escape(lang)}\s*[.=])")
        first = next((number for number, line in enumerate(lines) if header.match(line)), 0)
    key = re.compile(
        rf"""\s*(?:[\w"'-]+\s*\.\s*)?["']?{re.escape(field)}["']?\s*[.=]|\s*\[+\s*["']?{re.escape(field)}"""
    )
    return next((number for number, line in enumerate(lines[first:], first + 1) if key.match(line)), first + 1)
