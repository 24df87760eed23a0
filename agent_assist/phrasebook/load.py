"""Reads folders of TOML files into phrases.

Whatever is wrong is reported as a `Problem` with file and line, and only the broken entry is left out: a file that is
not TOML loses its entries, a wrong entry loses itself, an unknown key loses nothing but is named.
"""

import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.phrasebook.entry import to_phrase, unknown_keys
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.problems import Problem

LARGEST_FILE = 5_000_000
"""Bytes. A phrasebook of 10,000 entries in two languages is about this size; more is a mistake or an attack."""

NOT_BOOKS = frozenset({"synonyms.toml"})
"""Files beside the books that belong to search."""

_HEAD = "[[phrase]]"
_HEADS_AND_STRINGS = re.compile(
    r"""(?P<head>^[ \t]*\[\[[ \t]*["']?phrase["']?[ \t]*\]\])"""
    r"""|\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}"""
    r"""|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""",
    re.MULTILINE | re.DOTALL,
)
"""Strings and comments are matched too, so that a `[[phrase]]` inside one is not taken for an entry."""

_LONG_KEY = 20
_LONG_KEYS = re.compile(r"""(?:^|[{,])[ \t\[]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){20}""")
"""A key of more than twenty parts is no phrasebook's, and reading long ones takes time that grows with their square."""


class Library(msgspec.Struct, frozen=True):
    """All phrases that can be used, in file order, and everything that was wrong on the way."""

    phrases: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()

    def get(self, phrase_id: str) -> Phrase | None:
        """The phrase with this id, or None."""
        return next((phrase for phrase in self.phrases if phrase.id == phrase_id), None)

    @property
    def active(self) -> tuple[Phrase, ...]:
        """Phrases that may still be sent."""
        return tuple(phrase for phrase in self.phrases if not phrase.retired)


def load(folders: Iterable[Path]) -> Library:
    """Read every `*.toml` below these folders; a later folder replaces phrases of an earlier one by id."""
    phrases: dict[str, Phrase] = {}
    problems: list[Problem] = []
    for folder in folders:
        seen: dict[str, Phrase] = {}
        if not folder.is_dir():
            problems.append(Problem(clean_line(str(folder)), 0, _("This phrasebook folder does not exist.")))
            continue
        for path in sorted(folder.rglob("*.toml")):
            if path.name in NOT_BOOKS or any(part.startswith(".") for part in path.relative_to(folder).parts):
                continue
            read, wrong = read_file(path, book=clean_line(path.relative_to(folder).parts[0]))
            problems.extend(wrong)
            for phrase in read:
                if (first := seen.get(phrase.id)) is not None:
                    reason = _("The id is already used in {file}:{line}.", file=first.file, line=first.line)
                    problems.append(Problem(phrase.file, phrase.line, reason, phrase_id=phrase.id))
                else:
                    seen[phrase.id] = phrase
        phrases.update(seen)
    return Library(tuple(phrases.values()), tuple(problems))


def read_file(path: Path, book: str = "") -> tuple[list[Phrase], list[Problem]]:
    """The phrases of one file and what is wrong with it. Never raises for what the file holds."""
    name = clean_line(str(path))
    try:
        text = _text_of(path)
        if line := _line_with_long_key(text):
            return [], [Problem(name, line, _("This file is nested too deeply."))]
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [_broken_toml(name, error)]
    except UnicodeDecodeError as error:
        reason = _("This file is not UTF-8 (byte {position}). Save it as UTF-8.", position=error.start)
        return [], [Problem(name, 0, reason)]
    except RecursionError:
        return [], [Problem(name, 0, _("This file is nested too deeply."))]
    except (OSError, ValueError) as error:
        return [], [Problem(name, 0, clean_line(getattr(error, "strerror", None) or str(error)))]
    return _entries(document, text, name, book)


def _text_of(path: Path) -> str:
    if not stat.S_ISREG(path.stat().st_mode):  # asked before opening: a pipe would be waited for
        raise ValueError(_("This is not a regular file."))
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError(_("This file is larger than {limit} MB.", limit=LARGEST_FILE // 1_000_000))
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _broken_toml(name: str, error: tomllib.TOMLDecodeError) -> Problem:
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    what = clean_line(re.sub(r"\s*\(at .*\)$", "", str(error)))
    if place is None:
        return Problem(name, 0, _("Not valid TOML: {what}.", what=what))
    reason = _("Not valid TOML, column {column}: {what}.", column=place[2], what=what)
    return Problem(name, int(place[1]), reason)


def _entries(document: dict[str, Any], text: str, name: str, book: str) -> tuple[list[Phrase], list[Problem]]:
    phrases: list[Phrase] = []
    problems = [
        Problem(
            name, 0, _("Unknown key “{key}”; a phrasebook holds [[phrase]] entries.", key=clean_line(key)), "warning"
        )
        for key in document
        if key != "phrase"
    ]
    entries = document.get("phrase", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return [], [Problem(name, 0, _("“phrase” must be written as [[phrase]]."))]
    heads = _head_lines(text, len(entries))
    for number, entry in enumerate(entries):
        line = heads[number] if number < len(heads) else 0
        try:
            phrase = to_phrase(entry, book=book, file=name, line=line)
        except ValueError as error:
            shown_id = entry["id"] if isinstance(entry.get("id"), str) else ""
            problems.append(Problem(name, line, clean_line(str(error)), phrase_id=clean_line(shown_id)))
            continue
        phrases.append(phrase)
        problems.extend(
            Problem(name, line, _("Unknown key “{key}”.", key=key), "warning", phrase.id) for key in unknown_keys(entry)
        )
    return phrases, problems


def _line_with_long_key(text: str) -> int:
    """The first line with a key of too many parts, 1-based; 0 when there is none."""
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.count(".") >= _LONG_KEY and _LONG_KEYS.search(line)), 0)


def _head_lines(text: str, expected: int) -> list[int]:
    """The line of each entry's head, 1-based, in order."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith(_HEAD)]
    if len(lines) == expected == text.count(_HEAD):
        return lines
    lines, line, counted = [], 1, 0
    for match in _HEADS_AND_STRINGS.finditer(text):
        if match["head"] is not None:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            lines.append(line)
    return lines
