"""The content of one phrasebook file as phrases, and what is wrong with it.

Apart from `load` because most starts find every file in the cache and never parse one.
"""

import re
from typing import Any

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.files import Unusable, decode, reason
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.problems import Problem
from agent_assist.phrasebook.toml_entry import to_phrase, unknown_keys

_HEAD = "[[phrase]]"
_HEADS_AND_STRINGS = re.compile(
    r"""(?P<head>^[ \t]*\[\[[ \t]*["']?phrase["']?[ \t]*\]\])"""
    r"""|\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}"""
    r"""|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""",
    re.MULTILINE | re.DOTALL,
)
"""Strings and comments are matched too, so that a `[[phrase]]` inside one is not taken for an entry."""


def parse(content: bytes, *, name: str, book: str) -> tuple[list[Phrase], list[Problem]]:
    """The phrases of one file's bytes and what is wrong with them; `name` is the file's, as shown. Never raises."""
    try:
        text = decode(content)
        document = toml_text.parse(text)
    except Unusable as error:
        return [], [Problem(name, error.line, reason(error) + ".")]
    except toml_text.TomlMistake as mistake:
        return [], [Problem(name, mistake.line, mistake.reason)]
    return _entries(document, text, name, book)


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
