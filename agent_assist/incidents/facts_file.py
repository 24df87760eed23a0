"""Facts of an incident from a TOML file that a person wrote.

Each value is turned into the text that a person would type into the form (`eta = "14:30"`) and checked by
`apply.parse_fact`, as form and command line are. A file with a mistake gives problems with file and line, and no facts:
half an update is worse than none.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import read_text, unreadable
from agent_assist.incidents.apply import FactChanges, check_fact_name, parse_fact
from agent_assist.incidents.catalogue import Catalogue
from agent_assist.incidents.incident import Incident
from agent_assist.locale import _
from agent_assist.problems import Problem
from agent_assist.toml_positions import TomlPath, TomlPositions

MAX_FILE_SIZE = 64_000
"""Bytes."""

MAX_PROBLEMS = 20
"""A file with more than these is no file of facts."""

MAX_RECORDING_TIME = dt.timedelta(minutes=1)
"""Between reading a file and recording the version; no two starts of one incident are told apart by less."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


class FactsFile(msgspec.Struct, frozen=True):
    """Either the checked facts of a file or its `problems`; the source in either case."""

    changes: FactChanges = FactChanges()
    problems: tuple[Problem, ...] = ()


def read_incident(
    path: Path,
    now: dt.datetime,
    tz: dt.tzinfo,
    history: Sequence[Incident] = (),
    catalogue: Catalogue | None = None,
) -> FactsFile:
    """Read a file of facts; the result holds what it names. Never raises for what is in the file.

    `history` are the versions of the incident that it is read for, oldest first: what is past does not move because a
    relative time is read later.
    Wordings in another language stand in a table of their own: `[en]` with `scope = "…"`.
    """
    shown = clean_line(str(path))
    try:
        text = read_text(path, MAX_FILE_SIZE)
        table = toml_text.parse(text)
    except FileNotFoundError:
        return FactsFile(problems=(Problem(file=shown, reason=_("There is no such file.")),))
    except OSError as error:
        return FactsFile(problems=(unreadable(shown, error),))
    except toml_text.NotToml as error:
        return FactsFile(problems=(error.problem(shown),))
    values: dict[str, object] = {}
    problems: list[Problem] = []
    positions = TomlPositions(text)
    for path_in_file, name, value in _facts(table):
        if len(problems) == MAX_PROBLEMS:
            break
        try:
            check_fact_name(name)
            typed = _typed(name, value)
            field, fact = parse_fact(name, typed, now, tz, catalogue)
            values[field] = (name == "started" and _unmoved_start(typed, history, tz)) or fact
        except Refused as refused:
            problems.append(positions.problem(path_in_file, file=shown, reason=str(refused)))
    source = _checksum(text)
    return FactsFile(FactChanges({} if problems else values, source=source), tuple(problems))


def _unmoved_start(typed: str, history: Sequence[Incident], tz: dt.tzinfo) -> dt.datetime | None:
    """The start in force when the same text meant that at the version which brought it; None for another start."""
    for version in history:
        if version.started_at == history[-1].started_at:
            then = parse_fact("started", typed, version.updated_at, tz)[1]
            is_same = isinstance(then, dt.datetime) and abs(then - version.started_at) < MAX_RECORDING_TIME
            return version.started_at if is_same else None
    return None


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _facts(table: Mapping[str, object]) -> list[tuple[TomlPath, str, object]]:
    """Where each fact stands in the file, its name as one types it, and its value."""
    facts: list[tuple[TomlPath, str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict) and _LANGUAGE.fullmatch(name):
            facts.extend(((name, field), f"{field}.{name}", words) for field, words in value.items())
        else:
            facts.append(((name,), name, value))
    return facts


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
        case int() if field in ("severity", "rhythm", "share"):
            return str(value)
        case list() if field in ("services", "who", "recovered") and all(isinstance(part, str) for part in value):
            return ", ".join(clean_line(part).replace(",", " ") for part in value)
    raise Refused(_("“{name}” should be text in quotes.", name=field))
