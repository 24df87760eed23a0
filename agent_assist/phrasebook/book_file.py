"""The content of one phrasebook file as phrases, and what is wrong with it.

Apart from `load` because most starts find every file in the cache and never parse one.
"""

import re
import tomllib
from typing import Any

from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.phrasebook.entry import to_phrase, unknown_keys
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.problems import Problem

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


def parse(content: bytes, *, name: str, book: str) -> tuple[list[Phrase], list[Problem]]:
    """The phrases of one file's bytes and what is wrong with them; `name` is the file's, as shown. Never raises."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
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
    except ValueError as error:  # tomllib lets some of int() through
        return [], [Problem(name, 0, clean_line(str(error)))]
    return _entries(document, text, name, book)


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
