"""Reads folders of TOML files into phrases.

Whatever is wrong is reported as a `Problem` with file and line, and only the broken entry is left out: a file that is
not TOML loses its entries, a wrong entry loses itself, an unknown key loses nothing but is named.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.files import read_whole, reason
from agent_assist.locale import _
from agent_assist.phrasebook.parsed import Parsed
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.problems import Problem

LARGEST_FILE = 5_000_000
"""Bytes. A phrasebook of 10,000 entries in two languages is about this size; more is a mistake or an attack."""

NOT_BOOKS = frozenset({"synonyms.toml"})
"""Files beside the books that belong to search."""


class Library(msgspec.Struct, frozen=True, dict=True):
    """All phrases that can be used, in file order, and everything that was wrong on the way."""

    phrases: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()

    def get(self, phrase_id: str) -> Phrase | None:
        """The phrase with this id, or None."""
        return next((phrase for phrase in self.phrases if phrase.id == phrase_id), None)

    @cached_property
    def active(self) -> tuple[Phrase, ...]:
        """Phrases that may still be sent."""
        return tuple(phrase for phrase in self.phrases if not phrase.retired)


def load(folders: Iterable[Path], cache: Path | None = None) -> Library:
    """Read every `*.toml` below these folders; a later folder replaces phrases of an earlier one by id.

    With a `cache` folder, files whose content was parsed before are not parsed again.
    """
    phrases: dict[str, Phrase] = {}
    problems: list[Problem] = []
    parsed = Parsed.kept_in(cache)
    for folder in folders:
        seen: dict[str, Phrase] = {}
        if not folder.is_dir():
            problems.append(Problem(clean_line(str(folder)), 0, _("This phrasebook folder does not exist.")))
            continue
        for path in _books(folder):
            read, wrong = _read(path, clean_line(path.relative_to(folder).parts[0]), parsed)
            problems.extend(wrong)
            for phrase in read:
                if (first := seen.get(phrase.id)) is not None:
                    reason = _("The id is already used in {file}:{line}.", file=first.file, line=first.line)
                    problems.append(Problem(phrase.file, phrase.line, reason, phrase_id=phrase.id))
                else:
                    seen[phrase.id] = phrase
        phrases.update(seen)
    parsed.keep()
    return Library(tuple(phrases.values()), tuple(problems))


def _books(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.toml")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.name not in NOT_BOOKS and not hidden:
            yield path


def _read(path: Path, book: str, parsed: Parsed) -> tuple[Iterable[Phrase], Iterable[Problem]]:
    name = clean_line(str(path))
    try:
        content = read_whole(path, LARGEST_FILE)
    except OSError as error:
        return (), (Problem(name, 0, reason(error) + "."),)
    try:
        return parsed.file(content, name=name, book=book)
    except Exception as error:  # what nobody foresaw in one file must not take the others away
        what = clean_line(f"{type(error).__name__} {error}")[:200]
        return (), (Problem(name, 0, _("This file cannot be understood ({what}).", what=what)),)
