"""Facts of an incident from a TOML file that a person wrote.

Each value is turned into the text that a person would type into the form (`eta = "14:30"`) and checked by
`apply.parse_fact`, as form and command line are. A file with a mistake gives problems with file and line, and no facts:
half an update is worse than none.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import read_text, reason
from agent_assist.incidents.apply import FactChanges, check_fact_name, parse_fact
from agent_assist.locale import _

_MAX_BYTES = 64_000
_MAX_PROBLEMS = 20
"""A file with more than these is no file of facts."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


class FileProblem(msgspec.Struct, frozen=True):
    """What is wrong in a file of facts. `line` is 1-based; 0 means the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class FactsFile(msgspec.Struct, frozen=True):
    """Either the checked facts of a file or its `problems`."""

    changes: FactChanges = FactChanges()
    problems: tuple[FileProblem, ...] = ()


def read_incident(path: Path, now: dt.datetime, tz: dt.tzinfo) -> FactsFile:
    """Read a file of facts; the result holds what it names. Never raises for what is in the file.

    Wordings in another language stand in a table of their own: `[en]` with `scope = "…"`.
    """
    shown = clean_line(str(path))
    try:
        text = read_text(path, _MAX_BYTES)
        table = toml_text.parse(text)
    except FileNotFoundError:
        return _unusable(shown, 0, _("There is no such file."))
    except OSError as error:
        return _unusable(shown, getattr(error, "line", 0), reason(error) + ".")
    except toml_text.TomlMistake as mistake:
        return _unusable(shown, mistake.line, mistake.reason)
    values: dict[str, object] = {}
    problems: list[FileProblem] = []
    for name, value in _flat(table):
        if len(problems) == _MAX_PROBLEMS:
            break
        try:
            check_fact_name(name)
            field, fact = parse_fact(name, _typed(name, value), now, tz)
            values[field] = fact
        except Refused as refused:
            problems.append(FileProblem(shown, _line_of(name, text), str(refused)))
    return FactsFile(problems=tuple(problems)) if problems else FactsFile(FactChanges(values))


def _unusable(shown: str, line: int, reason: str) -> FactsFile:
    return FactsFile(problems=(FileProblem(shown, line, reason),))


def _flat(table: Mapping[str, object]) -> list[tuple[str, object]]:
    """The keys with their values; those of a language table as `scope.en`."""
    pairs: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict) and _LANGUAGE.fullmatch(name):
            pairs.extend((f"{field}.{name}", wording) for field, wording in value.items())
        else:
            pairs.append((name, value))
    return pairs


def _typed(name: str, value: object) -> str:
    """The value as a person would type it into the form. Raises Refused for another type than the fact has."""
    field = name.partition(".")[0]
    match value:
        case str():
            return value
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
