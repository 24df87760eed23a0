"""What a lead should look at in the `synonyms.toml` files: each problem with its file, line and column.

Errors are groups that are not in use; a warning is about a word, or about a group that is in use all the same.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.files import read_text, unreadable
from agent_assist.locale import _
from agent_assist.phrasebook.folders import SYNONYMS_FILE
from agent_assist.problems import Problem, ProblemSeverity
from agent_assist.search.normalise import fold, units
from agent_assist.search.synonyms import MIN_TERM_LENGTH, Term, words_of
from agent_assist.toml_positions import TomlPath, TomlPositions


def lint(folders: Iterable[Path]) -> tuple[Problem, ...]:
    """Return everything found in the synonyms of these folders, file by file; a folder without any is fine."""
    problems: list[Problem] = []
    for path in (folder / SYNONYMS_FILE for folder in folders):
        name = clean_line(str(path))
        try:
            content = read_text(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(unreadable(name, error))
            continue
        problems += in_text(content, name)
    return tuple(problems)


def in_text(content: str, name: str) -> list[Problem]:
    """Return what is wrong with the text of one file called `name`."""
    try:
        document = toml_text.parse(content)
    except toml_text.NotToml as error:
        return [error.problem(name)]
    return list(_SynonymsFile(content, name).problems(document))


class _SynonymsFile:
    """One file while its groups are looked through."""

    def __init__(self, content: str, name: str) -> None:
        self._name = name
        self._positions = TomlPositions(content)
        self._group_of: dict[Term, int] = {}
        """The first group that holds each term."""

    def problems(self, document: dict[str, Any]) -> Iterator[Problem]:
        """Yield everything that is wrong, in the order of the file."""
        for key in document:
            if key != "group":
                reason = _("Unknown key “{key}”; synonyms are [[group]] entries.", key=clean_line(key))
                yield self._problem((key,), reason, "warning")
        groups = document.get("group", [])
        if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
            yield self._problem(("group",), _("“group” must be written as [[group]]."))
            return
        for number, group in enumerate(groups):
            yield from self._in_group(group, number)

    def _in_group(self, group: dict[str, Any], number: int) -> Iterator[Problem]:
        for key in group:
            if key != "words":
                reason = _("Unknown key “{key}”; a group holds only words.", key=clean_line(key))
                yield self._problem(("group", number, key), reason, "warning")
        words = words_of(group)
        if not words:
            yield self._problem(("group", number, "words"), _("A group must hold words, a list of texts."))
            return
        terms = [tuple(units(fold(word))) for word in words]
        for index, (word, term) in enumerate(zip(words, terms, strict=True)):
            for reason in self._reasons(word, term, terms[:index]):
                yield self._problem(("group", number, "words", index), reason, "warning")
        for term in terms:
            self._group_of.setdefault(term, number)
        if sum(_length(term) >= MIN_TERM_LENGTH for term in set(terms)) < 2:
            yield self._problem(("group", number), _("A group needs at least two different words."))

    def _reasons(self, word: str, term: Term, before: list[Term]) -> Iterator[str]:
        """Yield why a lead should look at a word; `before` are the terms above it in its group."""
        shown = " ".join(clean_line(word).split())
        if shown != word:
            yield _("“{word}” holds spaces or characters that cannot be seen.", word=shown)
        if _length(term) < MIN_TERM_LENGTH:
            yield _("“{word}” is too short, it would match everywhere.", word=shown)
        elif term in before:
            yield _("“{word}” stands twice in this group.", word=shown)
        elif term in self._group_of:
            line = self._positions.of("group", self._group_of[term]).line
            yield _("“{word}” also stands in the group of line {line}.", word=shown, line=line)

    def _problem(self, path: TomlPath, reason: str, severity: ProblemSeverity = "error") -> Problem:
        return self._positions.problem(path, file=self._name, reason=reason, severity=severity)


def _length(term: Term) -> int:
    """Characters and letters."""
    return sum(map(len, term))
