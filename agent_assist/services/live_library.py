"""The phrasebooks of a desk and the index over them, updated when a file changes.

Files are compared by time and size: shared folders send no notifications. A phrase that worked stays in use while its
file cannot be read.
"""

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.locale import _
from agent_assist.phrasebook import Library, Phrase, load
from agent_assist.phrasebook.folders import SYNONYMS_FILE, books_in
from agent_assist.phrasebook.owners import Owners
from agent_assist.problems import Problem

if TYPE_CHECKING:
    from agent_assist.search import Index

MAX_UPDATES_IN_PLACE = 50
"""Above this many changed phrases, rebuild the index in the background instead of updating it in place."""

FileStamps = frozenset[tuple[str, int, int]]
"""Path, time of change in nanoseconds and size of every file of the books."""


class LibraryUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """The books as they are now, and how the index follows: a new one, or phrases to put in and ids to take out."""

    library: Library
    put: tuple[Phrase, ...] = ()
    gone: tuple[str, ...] = ()
    index: "Index | None" = None

    @property
    def changed(self) -> int:
        """How many phrases are new, different or gone."""
        return len(self.put) + len(self.gone)


class LiveLibrary:
    """The phrases of some folders and the index over them, both made when they are first asked for."""

    def __init__(self, folders: tuple[Path, ...], cache: Path) -> None:
        self._folders, self._cache = folders, cache
        self._owners = Owners.load_from(cache)
        self._stamps: FileStamps = frozenset()
        self.indexed = 0
        """How much of the index is built, in percent; only a large book takes long enough to look."""

    @cached_property
    def library(self) -> Library:
        """All phrases of all books, with what is wrong in them."""
        self._stamps = scan(self._folders)
        return load(self._folders, self._cache, self._owners)

    @cached_property
    def index(self) -> "Index":
        """The search index over the phrases that may be sent."""
        self.library, index = self._indexed(self.library)
        return index

    def _indexed(self, library: Library) -> "tuple[Library, Index]":
        """Return the index, and the library with a problem for each phrase that cannot be searched."""
        try:
            return library, self._index_of(library.active)
        except Exception:  # whatever it is, the phrases that are sound must be found all the same
            problems = tuple(problem for phrase in library.active if (problem := unsearchable(phrase)))
            unsound = {problem.phrase_id for problem in problems}
            sound = [phrase for phrase in library.active if phrase.id not in unsound]
            return Library(library.phrases, (*library.problems, *problems)), self._index_of(sound)

    def _index_of(self, phrases: Sequence[Phrase]) -> "Index":
        from agent_assist.search import Index  # loaded with the first search
        from agent_assist.search.synonyms import load as load_synonyms  # loaded with the first search

        rows = sum(len({*phrase.title, *phrase.text}) for phrase in phrases) or 1

        def report_progress(done: int) -> None:
            self.indexed = 100 * done // rows

        return Index(phrases, synonyms=load_synonyms(self._folders), cache=self._cache, progress=report_progress)

    def reload(self) -> LibraryUpdate | None:
        """Return what changed in the files since they were read; None for nothing. Reads files, may take seconds."""
        before, self._stamps = self._stamps, scan(self._folders)
        if self._stamps == before:
            return None
        library = keep_last_good(self.library, load(self._folders, self._cache, self._owners))
        put, gone = difference(self.library, library)
        if len(put) + len(gone) > MAX_UPDATES_IN_PLACE or synonyms_of(before) != synonyms_of(self._stamps):
            library, index = self._indexed(library)
            return LibraryUpdate(library=library, put=put, gone=gone, index=index)
        problems = {phrase.id: problem for phrase in put if (problem := unsearchable(phrase))}
        if problems:
            gone = (*gone, *problems)
            put = tuple(phrase for phrase in put if phrase.id not in problems)
            library = Library(library.phrases, (*library.problems, *problems.values()))
        return LibraryUpdate(library=library, put=put, gone=gone)

    def apply(self, new: LibraryUpdate) -> None:
        """Search in these books from now on. Call it in the thread that searches."""
        self.library = new.library
        if new.index is not None:
            self.index = new.index
            return
        for phrase_id in new.gone:
            self.index.remove(phrase_id)
        for phrase in new.put:
            self.index.put(phrase)


def unsearchable(phrase: Phrase) -> Problem | None:
    """Return why a phrase cannot be put into an index, or None."""
    from agent_assist.search import Index  # loaded with the first search

    try:
        Index([phrase])
    except Exception as error:
        what = clean_line(f"{type(error).__name__} {error}")[:200]
        reason = _("The entry cannot be searched ({what}).", what=what)
        return Problem(file=phrase.file, line=phrase.line, reason=reason, phrase_id=phrase.id)
    return None


def scan(folders: Iterable[Path]) -> FileStamps:
    """Return the files of these folders as they are now; what cannot be looked at is left out."""
    stamps = set()
    for folder in folders:
        files = books_in(folder)
        for path in (folder / SYNONYMS_FILE, *files.books, *files.skipped):
            try:
                status = path.stat()
            except (OSError, ValueError):
                continue
            stamps.add((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(stamps)


def synonyms_of(stamps: FileStamps) -> FileStamps:
    """Return those of the files that hold synonyms."""
    return frozenset(file for file in stamps if Path(file[0]).name == SYNONYMS_FILE)


def keep_last_good(before: Library, after: Library) -> Library:
    """Return the newer library, with the phrases that it lacks only because of a mistake in their file."""
    errors = [problem for problem in after.problems if problem.severity == "error"]
    broken = {(problem.file, problem.phrase_id) for problem in errors}
    folders = tuple(f"{problem.file}{os.sep}" for problem in errors if not problem.line)
    now = {phrase.id: phrase for phrase in after.phrases}
    problems = list(after.problems)
    for phrase in before.phrases:
        is_broken = not broken.isdisjoint({(phrase.file, ""), (phrase.file, phrase.id)})
        other = now.get(phrase.id)
        if not (is_broken or phrase.file.startswith(folders)) or (other and other.file == phrase.file):
            continue
        now[phrase.id] = phrase
        if other and Path(other.file).parent == Path(phrase.file).parent:
            reason = _(
                "The id is already used in {file}, which cannot be read now; its phrase stays in use.", file=phrase.file
            )
            problems.append(Problem(file=other.file, line=other.line, reason=reason, phrase_id=phrase.id))
    return Library(tuple(now.values()), tuple(problems))


def difference(before: Library, after: Library) -> tuple[tuple[Phrase, ...], tuple[str, ...]]:
    """Return active phrases that are new or say something else, and the ids of those that are not active any more."""
    old = {phrase.id: _without_line(phrase) for phrase in before.active}
    put = tuple(phrase for phrase in after.active if old.get(phrase.id) != _without_line(phrase))
    return put, tuple(old.keys() - {phrase.id for phrase in after.active})


def _without_line(phrase: Phrase) -> Phrase:
    return msgspec.structs.replace(phrase, line=0)
