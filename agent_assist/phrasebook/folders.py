"""Which files below a folder are phrasebooks, and which look like one and are passed over; nothing is passed silently.

Links to folders are followed, each folder once. A copy that a sync program, an editor or a person left beside a book
is no book: it would say again what the book said some time ago.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.files import unreadable
from agent_assist.locale import _
from agent_assist.problems import Problem

MAX_DEPTH = 12
MAX_ENTRIES = 50_000
"""Of one phrasebook folder with all below it; a link to a whole disk must not be walked for minutes."""

NOT_BOOKS = frozenset({"synonyms.toml"})
"""Files beside the books that belong to search."""

_SUFFIX = ".toml"
_OURS = re.compile(r"\.toml\w+\.part$")
"""What `files.write_whole` writes aside; gone in a moment."""

_CONFLICT = re.compile(
    r"\([^()]*(?:conflict|konflikt|conflit|冲突|衝突|競合)[^()]*\)|[._-]sync-conflict-\d{8}|[._-]conflict-\d{8}"
    r"|_conf\(\d+\)$|\.conflict\d*$|冲突(?:的)?副本|冲突文件|衝突(?:的)?複本",
    re.IGNORECASE,
)
"""What only sync programs write into a name."""

_COPY = re.compile(
    r"(?:copy of |复件 ?|副本 ?)(?P<of>.+)|(?P<base>.+?)(?: ?\(\d+\)| - (?:copy|copie|kopie|copia)(?: ?\(\d+\))?"
    r"|[ _-]*的?(?:副本|复件|拷贝|複本|コピー)(?: ?\(?\d+\)?)?)",
    re.IGNORECASE,
)
"""What file managers and people add to the name of a copy, and hardly to that of a book of its own."""
_ADDED = " -_.(@~+"
"""What separates a name from what was added to it."""


class BookFiles(NamedTuple):
    """Books in the order of their paths, and what was passed over with the reason."""

    books: tuple[Path, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Path, ...]


def books_in(folder: Path) -> BookFiles:
    """Every phrasebook below this folder, which must exist."""
    walk = _Walk(folder)
    paths = sorted(walk.files())
    names = {(path.parent, path.name.lower()) for path in paths}
    books, skipped = [], []
    for path in paths:
        if problem := _why_not(path, names):
            walk.problems.append(problem)
            skipped.append(path)
        elif path.name.lower() not in NOT_BOOKS:
            books.append(path)
    return BookFiles(tuple(books), tuple(walk.problems), tuple(skipped))


def original_of(path: Path, books: Iterable[Path]) -> Path | None:
    """The book beside this one whose name was taken and added to, as sync programs add a computer's; the longest."""
    stem = path.stem.lower()
    others = [
        other
        for other in books
        if other != path
        and other.parent == path.parent
        and stem.startswith(other.stem.lower())
        and stem[len(other.stem) :][:1] in _ADDED
        and stem != other.stem.lower()
    ]
    return max(others, key=lambda other: len(other.stem), default=None)


def copy_problem(path: Path, original: Path) -> Problem:
    """Why a copy of another book is not read."""
    why = _("Not read: this is a copy of {file}. Delete it, or give it ids of its own.", file=clean_line(original.name))
    return Problem(file=clean_line(str(path)), reason=why)


def _why_not(path: Path, names: set[tuple[Path, str]]) -> Problem | None:
    """Why a file that looks like a book is none, as far as its name says so."""
    name = clean_line(str(path))
    if not path.name.lower().endswith(_SUFFIX):
        why = _("Not read: only files whose name ends in .toml are phrasebooks.")
        return Problem(file=name, reason=why, severity="warning")
    if _CONFLICT.search(path.stem):
        why = _("Not read: this is the conflict copy of a sync program. Take over what is missing, then delete it.")
        return Problem(file=name, reason=why)
    base = _copied(path.stem)
    if base and (path.parent, f"{base}{_SUFFIX}".lower()) in names:
        return copy_problem(path, path.with_name(f"{base}{_SUFFIX}"))
    return None


def _copied(stem: str) -> str:
    """The name that a copy's name was made from, or ""."""
    match = _COPY.fullmatch(stem)
    if match is None:
        return ""
    of = match["of"] or match["base"]
    return _copied(of) or of


class _Walk:
    """One look through a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._left = MAX_ENTRIES
        self._seen: set[tuple[int, int]] = set()

    def files(self) -> Iterator[Path]:
        """Every file that is a book by its name or nearly so."""
        yield from self._within(self.folder, 0)
        if self._left <= 0:
            said = _("There are more than {limit} files here; the others are not read.", limit=MAX_ENTRIES)
            self._note(self.folder, said)

    def _within(self, folder: Path, depth: int) -> Iterator[Path]:
        try:
            found = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (OSError, ValueError) as error:
            self.problems.append(_unreadable(folder, error))
            return
        if (found.st_dev, found.st_ino) in self._seen:
            return  # a link to what was looked through already, or a circle
        self._seen.add((found.st_dev, found.st_ino))
        for entry in entries:
            self._left -= 1
            if self._left <= 0:
                return
            if not entry.name.startswith("."):
                yield from self._one(entry, folder / entry.name, depth)

    def _one(self, entry: "os.DirEntry[str]", path: Path, depth: int) -> Iterator[Path]:
        try:
            is_folder = entry.is_dir()
            leads_nowhere = entry.is_symlink() and not path.exists()
        except OSError:
            is_folder, leads_nowhere = False, True
        if is_folder and depth >= MAX_DEPTH:
            self._note(path, _("Not read: the folders are nested too deeply here."))
        elif is_folder:
            yield from self._within(path, depth + 1)
        elif leads_nowhere:
            self._note(path, _("This link leads nowhere."))
        elif _SUFFIX in entry.name.lower() and not _OURS.search(entry.name):
            yield path

    def _note(self, path: Path, why: str) -> None:
        self.problems.append(Problem(file=clean_line(str(path)), reason=why))


def _unreadable(folder: Path, error: OSError | ValueError) -> Problem:
    name = clean_line(str(folder))
    if isinstance(error, OSError):
        return unreadable(name, error)
    return Problem(file=name, reason=clean_line(f"{error}."))  # such as a zero byte in the name
