"""Facts of an incident from a TOML file that a person wrote.

The result speaks the same language as the form and the command line: names and typed texts (`eta = "14:30"`), so that
all three are read in one way. A file with a mistake gives problems with file and line, and no fields at all: half
an update is worse than none.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.files import read_text, reason
from agent_assist.incidents.incident import SAYINGS
from agent_assist.incidents.status_words import parse_severity, parse_status
from agent_assist.incidents.typed_times import parse_eta, parse_moment
from agent_assist.locale import _

_MOST_BYTES = 64_000
_MOST_PROBLEMS = 20
"""Whoever has more than these has the wrong file."""

_NAMES = (
    "title",
    "severity",
    "status",
    "services",
    "scope",
    "cause",
    "cause_internal",
    "workaround",
    "eta",
    "next_update",
    "started",
    "owner",
    "rhythm",
)
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
    try:
        text = read_text(path, _MOST_BYTES)
        table = toml_text.parse(text)
    except FileNotFoundError:
        return _unusable(shown, 0, _("There is no such file."))
    except OSError as error:
        return _unusable(shown, getattr(error, "line", 0), reason(error) + ".")
    except toml_text.TomlMistake as mistake:
        return _unusable(shown, mistake.line, mistake.reason)
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
        hint = _("Did you mean “{name}”?", name=near[0]) if near else _("Known: {names}.", names=", ".join(known))
        raise Refused(_("There is no fact called “{name}”.", name=clean_line(name)[:60]), hint=hint)
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
