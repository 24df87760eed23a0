"""What a lead should look at in the `synonyms.toml` files: each finding with its file and line.

Errors are groups that are not in use; a warning is about a word, or about a group that is in use all the same.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.files import read_text, reason
from agent_assist.locale import _
from agent_assist.phrasebook.problems import Problem
from agent_assist.search.normalise import fold, units
from agent_assist.search.synonyms import FILE, SHORTEST, Words, words_of

_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*group[ \t]*\]\]", re.MULTILINE)


def lint(folders: Iterable[Path]) -> tuple[Problem, ...]:
    """Everything found in the synonyms of these folders, file by file; a folder without any is fine."""
    problems: list[Problem] = []
    for path in (folder / FILE for folder in folders):
        name = clean_line(str(path))
        try:
            content = read_text(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(Problem(name, getattr(error, "line", 0), reason(error) + "."))
            continue
        problems += in_text(content, name)
    return tuple(problems)


def in_text(content: str, name: str) -> Iterator[Problem]:
    """What is wrong with the text of one file called `name`."""
    try:
        document = toml_text.parse(content)
    except toml_text.TomlMistake as mistake:
        yield Problem(name, mistake.line, mistake.reason)
        return
    for key in document:
        if key != "group":
            yield Problem(
                name, 0, _("Unknown key “{key}”; synonyms are [[group]] entries.", key=clean_line(key)), "warning"
            )
    entries = document.get("group", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield Problem(name, 0, _("“group” must be written as [[group]]."))
        return
    lines = [content.count("\n", 0, match.end()) + 1 for match in _HEAD.finditer(content)]
    if len(lines) != len(entries):
        lines = [0] * len(entries)
    seen: dict[Words, int] = {}
    for line, entry in zip(lines, entries, strict=True):
        yield from _of_group(entry, name, line, seen)


def _of_group(entry: dict[str, Any], name: str, line: int, seen: dict[Words, int]) -> Iterator[Problem]:
    for key in entry:
        if key != "words":
            yield Problem(
                name, line, _("Unknown key “{key}”; a group holds only words.", key=clean_line(key)), "warning"
            )
    words = words_of(entry)
    if not words:
        yield Problem(name, line, _("A group must hold words, a list of texts."))
        return
    own: set[Words] = set()
    for word in words:
        term, shown = tuple(units(fold(word))), " ".join(clean_line(word).split())
        if shown != word:
            yield Problem(
                name, line, _("“{word}” holds spaces or characters that cannot be seen.", word=shown), "warning"
            )
        if sum(map(len, term)) < SHORTEST:
            yield Problem(name, line, _("“{word}” is too short, it would match everywhere.", word=shown), "warning")
        elif term in own:
            yield Problem(name, line, _("“{word}” stands twice in this group.", word=shown), "warning")
        elif term in seen:
            reason = _("“{word}” also stands in the group of line {line}.", word=shown, line=seen[term])
            yield Problem(name, line, reason, "warning")
        own.add(term)
    for term in own:
        seen.setdefault(term, line)
    if sum(sum(map(len, term)) >= SHORTEST for term in own) < 2:
        yield Problem(name, line, _("A group needs at least two different words."))
