"""Reads folders of TOML files into phrases.

Whatever is wrong is reported as a `Problem` with file and line, and only the broken entry is left out: a file that is
not TOML loses its entries, a wrong entry loses itself, an unknown key loses nothing but is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.files import read_whole, unreadable
from agent_assist.locale import _
from agent_assist.phrasebook.folders import books_in, copy_problem, original_of
from agent_assist.phrasebook.owners import Owners, holder
from agent_assist.phrasebook.parsed_cache import ParsedBooks
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.problems import Problem

MAX_BOOK_SIZE = 5_000_000
"""Bytes. A phrasebook of 10,000 entries in two languages is about this size; more is a mistake or an attack."""


class Library(msgspec.Struct, frozen=True, dict=True):
    """All phrases that can be used, in file order, and the problems of their files."""

    phrases: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()

    def get(self, phrase_id: str) -> Phrase | None:
        """Return the phrase with this id, or None."""
        return next((phrase for phrase in self.phrases if phrase.id == phrase_id), None)

    @cached_property
    def active(self) -> tuple[Phrase, ...]:
        """Phrases that may still be sent."""
        return tuple(phrase for phrase in self.phrases if not phrase.retired)


def load(folders: Iterable[Path], cache: Path | None = None, owners: Owners | None = None) -> Library:
    """Read every phrasebook below these folders; a later folder replaces phrases of an earlier one by id.

    With a `cache` folder, files whose content was parsed before are not parsed again, and an id that two files of one
    folder use stays with the file that had it; a caller that reads repeatedly passes the same `owners`.
    """
    phrases: dict[str, Phrase] = {}
    problems: list[Problem] = []
    parsed, owners = ParsedBooks.load_from(cache), owners or Owners.load_from(cache)
    for folder in folders:
        if not folder.is_dir():
            reason = _("This phrasebook folder does not exist.")
            problems.append(Problem(file=clean_line(str(folder)), reason=reason))
            continue
        files = books_in(folder)
        problems.extend(files.problems)
        read = {path: _read(path, clean_line(path.relative_to(folder).parts[0]), parsed) for path in files.books}
        problems.extend(problem for _phrases, in_file in read.values() for problem in in_file)
        books = {path: phrases_of_file for path, (phrases_of_file, _problems) in read.items()}
        owner_of = owners.in_folder(folder)
        for path, original in _copies(books, owner_of):
            problems.append(copy_problem(path, original))
            books[path] = ()
        held = _held([phrase for own in books.values() for phrase in own], owner_of, problems)
        unread = {problem.file for problem in problems if problem.severity == "error"}
        owners.note(folder, held, unread)
        phrases.update((phrase.id, phrase) for phrase in held)
    parsed.save()
    owners.save()
    return Library(tuple(phrases.values()), tuple(problems))


def _copies(books: Mapping[Path, Sequence[Phrase]], owner_of: Mapping[str, str]) -> list[tuple[Path, Path]]:
    """Return the books that repeat another one whose name theirs extends, each with that other book.

    A phrase that a book had first stays with it, whatever the book is called.
    """
    copies = []
    for path, own in books.items():
        original = original_of(path, books) if own else None
        if original is not None:
            there = {phrase.id for phrase in books[original]}
            there |= {phrase_id for phrase_id, file in owner_of.items() if file == clean_line(str(original))}
            again = sum(phrase.id in there and owner_of.get(phrase.id) != phrase.file for phrase in own)
            if 2 * again >= len(own):
                copies.append((path, original))
    return copies


def _held(read: Sequence[Phrase], owners: Mapping[str, str], problems: list[Problem]) -> list[Phrase]:
    """Return one phrase for each id; note the others of that id as problems, with the place of the one in use."""
    claims: dict[str, list[Phrase]] = {}
    for phrase in read:
        claims.setdefault(phrase.id, []).append(phrase)
    held = {phrase_id: same[0] for phrase_id, same in claims.items() if len(same) == 1}
    for phrase_id, same in claims.items():
        if len(same) > 1:
            used = held[phrase_id] = holder(same, owners.get(phrase_id))
            reason = _("The id is already used in {file}:{line}, which stays in use.", file=used.file, line=used.line)
            problems += [
                Problem(file=one.file, line=one.line, reason=reason, phrase_id=one.id)
                for one in same
                if one is not used
            ]
    return [phrase for phrase in read if held[phrase.id] is phrase]


def _read(path: Path, book: str, parsed: ParsedBooks) -> tuple[Sequence[Phrase], Sequence[Problem]]:
    name = clean_line(str(path))
    try:
        content = read_whole(path, MAX_BOOK_SIZE)
    except OSError as error:
        return (), (unreadable(name, error),)
    try:
        return parsed.file(content, name=name, book=book)
    except Exception as error:  # a fault of ours with one file must not lose the others
        what = clean_line(f"{type(error).__name__} {error}")[:200]
        return (), (Problem(file=name, reason=_("This file cannot be understood ({what}).", what=what)),)
